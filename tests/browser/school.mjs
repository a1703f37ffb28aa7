// A house with a real narvarod behind it, and a school small enough to count by hand.
import { NOW, startSmallSchool } from "../small_school.mjs";
import { openHouse } from "./visit.mjs";

/** { house, daemon, restart() }: flags are decided through the 19th. restart() ends and starts the broker, the daemon and the web server;
 * house.close() ends all. */
export async function openSchool(options) {
  const { daemon, web } = await startSmallSchool(options);
  const house = await openHouse({ daemon, ...web });
  const restart = async () => {
    await daemon.restartBroker();
    await daemon.at(NOW);
    await house.restart();
  };
  return { house, daemon, restart };
}
