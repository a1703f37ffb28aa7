-- Attendance, version 1 as the first daemon with a control socket left it: three made-up dates of the school of school_facts.h.
PRAGMA user_version=1;
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE event (
  terminal_id TEXT NOT NULL, generation INTEGER NOT NULL, sequence INTEGER NOT NULL,
  last_sequence INTEGER NOT NULL,
  kind TEXT NOT NULL, boot INTEGER NOT NULL, mono_ms INTEGER NOT NULL,
  at_ms INTEGER NOT NULL, from_ms INTEGER NOT NULL, clock TEXT NOT NULL, age_ms INTEGER NOT NULL,
  token INTEGER NOT NULL, reader INTEGER NOT NULL, feedback TEXT NOT NULL,
  received_ms INTEGER NOT NULL,
  refused TEXT,           -- why it was not counted when it came; the roll call decides anew every time
  settled_ms INTEGER,     -- when it happened, as far as can be told now (docs/wire.md, clock); NULL = not known
  settled_day INTEGER,    -- its local date
  PRIMARY KEY (terminal_id, generation, sequence)
) STRICT, WITHOUT ROWID;
INSERT INTO event VALUES('t-1',7,1,1,'tap',1,0,1788242280000,0,'synced',-1,-8996788604094640579,1,'none',1788242340000,NULL,1788242280000,20697);
INSERT INTO event VALUES('t-1',7,2,2,'tap',1,0,1788242280000,0,'synced',-1,-5270514222001156579,1,'none',1788242340000,NULL,1788242280000,20697);
INSERT INTO event VALUES('t-1',7,3,3,'tap',1,0,1788242280000,0,'synced',-1,2188269197878254803,1,'none',1788242340000,NULL,1788242280000,20697);
INSERT INTO event VALUES('t-1',7,4,4,'tap',1,0,1788242280000,0,'synced',-1,-4891272747845829282,1,'none',1788242340000,NULL,1788242280000,20697);
INSERT INTO event VALUES('t-1',7,5,5,'tap',1,0,1788242280000,0,'synced',-1,2796934469687010451,1,'none',1788242340000,NULL,1788242280000,20697);
INSERT INTO event VALUES('t-1',7,6,6,'tap',1,0,1788242280000,0,'synced',-1,-5907414457425598726,1,'none',1788242340000,NULL,1788242280000,20697);
INSERT INTO event VALUES('t-1',7,7,7,'tap',1,0,1788242280000,0,'synced',-1,-2292617094140700426,1,'none',1788242340000,NULL,1788242280000,20697);
INSERT INTO event VALUES('t-1',7,8,8,'tap',1,0,1788242280000,0,'synced',-1,6487534847349913798,1,'none',1788242340000,NULL,1788242280000,20697);
INSERT INTO event VALUES('t-1',7,9,9,'tap',1,0,1788243240000,0,'synced',-1,5415404941720700042,1,'none',1788243240000,NULL,1788243240000,20697);
INSERT INTO event VALUES('t-1',7,10,10,'tap',1,0,1788243240000,0,'synced',-1,2352604368609687635,1,'none',1788243240000,NULL,1788243240000,20697);
INSERT INTO event VALUES('t-1',7,11,11,'tap',1,0,1788243240000,0,'synced',-1,-8996788604094640579,1,'none',1788243240000,NULL,1788243240000,20697);
INSERT INTO event VALUES('t-1',7,12,12,'tap',1,0,1788243240000,0,'synced',-1,-5270514222001156579,1,'none',1788243240000,NULL,1788243240000,20697);
INSERT INTO event VALUES('t-1',7,13,13,'tap',1,0,1788243240000,0,'synced',-1,2188269197878254803,1,'none',1788243240000,NULL,1788243240000,20697);
INSERT INTO event VALUES('t-1',7,14,14,'tap',1,0,1788243240000,0,'synced',-1,-4891272747845829282,1,'none',1788243240000,NULL,1788243240000,20697);
INSERT INTO event VALUES('t-1',7,15,15,'tap',1,0,1788243240000,0,'synced',-1,2796934469687010451,1,'none',1788243240000,NULL,1788243240000,20697);
INSERT INTO event VALUES('t-1',7,16,16,'tap',1,0,1788243240000,0,'synced',-1,-5907414457425598726,1,'none',1788243240000,NULL,1788243240000,20697);
INSERT INTO event VALUES('t-1',7,17,17,'tap',1,0,1788243240000,0,'synced',-1,-2292617094140700426,1,'none',1788243240000,NULL,1788243240000,20697);
INSERT INTO event VALUES('t-1',7,18,18,'tap',1,0,1788243240000,0,'synced',-1,6487534847349913798,1,'none',1788243240000,NULL,1788243240000,20697);
INSERT INTO event VALUES('t-1',7,19,19,'tap',1,0,1788242340000,0,'synced',-1,5415404941720700042,1,'none',1788247800000,NULL,1788242340000,20697);
INSERT INTO event VALUES('t-1',7,20,20,'tap',1,0,1788328680000,0,'synced',-1,5415404941720700042,1,'none',1788328740000,NULL,1788328680000,20698);
INSERT INTO event VALUES('t-1',7,21,21,'tap',1,0,1788328680000,0,'synced',-1,-8996788604094640579,1,'none',1788328740000,NULL,1788328680000,20698);
INSERT INTO event VALUES('t-1',7,22,22,'tap',1,0,1788328680000,0,'synced',-1,-5270514222001156579,1,'none',1788328740000,NULL,1788328680000,20698);
INSERT INTO event VALUES('t-1',7,23,23,'tap',1,0,1788328680000,0,'synced',-1,2188269197878254803,1,'none',1788328740000,NULL,1788328680000,20698);
INSERT INTO event VALUES('t-1',7,24,24,'tap',1,0,1788328680000,0,'synced',-1,-4891272747845829282,1,'none',1788328740000,NULL,1788328680000,20698);
INSERT INTO event VALUES('t-1',7,25,25,'tap',1,0,1788328680000,0,'synced',-1,2796934469687010451,1,'none',1788328740000,NULL,1788328680000,20698);
INSERT INTO event VALUES('t-1',7,26,26,'tap',1,0,1788328680000,0,'synced',-1,-5907414457425598726,1,'none',1788328740000,NULL,1788328680000,20698);
INSERT INTO event VALUES('t-1',7,27,27,'tap',1,0,1788328680000,0,'synced',-1,-2292617094140700426,1,'none',1788328740000,NULL,1788328680000,20698);
INSERT INTO event VALUES('t-1',7,28,28,'tap',1,0,1788328680000,0,'synced',-1,6487534847349913798,1,'none',1788328740000,NULL,1788328680000,20698);
INSERT INTO event VALUES('t-1',7,29,29,'tap',1,0,1788329640000,0,'synced',-1,5415404941720700042,1,'none',1788329640000,NULL,1788329640000,20698);
INSERT INTO event VALUES('t-1',7,30,30,'tap',1,0,1788329640000,0,'synced',-1,2352604368609687635,1,'none',1788329640000,NULL,1788329640000,20698);
INSERT INTO event VALUES('t-1',7,31,31,'tap',1,0,1788329640000,0,'synced',-1,-8996788604094640579,1,'none',1788329640000,NULL,1788329640000,20698);
INSERT INTO event VALUES('t-1',7,32,32,'tap',1,0,1788329640000,0,'synced',-1,-5270514222001156579,1,'none',1788329640000,NULL,1788329640000,20698);
INSERT INTO event VALUES('t-1',7,33,33,'tap',1,0,1788329640000,0,'synced',-1,2188269197878254803,1,'none',1788329640000,NULL,1788329640000,20698);
INSERT INTO event VALUES('t-1',7,34,34,'tap',1,0,1788329640000,0,'synced',-1,-4891272747845829282,1,'none',1788329640000,NULL,1788329640000,20698);
INSERT INTO event VALUES('t-1',7,35,35,'tap',1,0,1788329640000,0,'synced',-1,2796934469687010451,1,'none',1788329640000,NULL,1788329640000,20698);
INSERT INTO event VALUES('t-1',7,36,36,'tap',1,0,1788329640000,0,'synced',-1,-5907414457425598726,1,'none',1788329640000,NULL,1788329640000,20698);
INSERT INTO event VALUES('t-1',7,37,37,'tap',1,0,1788329640000,0,'synced',-1,-2292617094140700426,1,'none',1788329640000,NULL,1788329640000,20698);
INSERT INTO event VALUES('t-1',7,38,38,'tap',1,0,1788329640000,0,'synced',-1,6487534847349913798,1,'none',1788329640000,NULL,1788329640000,20698);
INSERT INTO event VALUES('t-1',7,39,39,'tap',1,0,1788415080000,0,'synced',-1,5415404941720700042,1,'none',1788415140000,NULL,1788415080000,20699);
INSERT INTO event VALUES('t-1',7,40,40,'tap',1,0,1788415080000,0,'synced',-1,2352604368609687635,1,'none',1788415140000,NULL,1788415080000,20699);
INSERT INTO event VALUES('t-1',7,41,41,'tap',1,0,1788415080000,0,'synced',-1,-5270514222001156579,1,'none',1788415140000,NULL,1788415080000,20699);
INSERT INTO event VALUES('t-1',7,42,42,'tap',1,0,1788415080000,0,'synced',-1,2188269197878254803,1,'none',1788415140000,NULL,1788415080000,20699);
INSERT INTO event VALUES('t-1',7,43,43,'tap',1,0,1788415080000,0,'synced',-1,-4891272747845829282,1,'none',1788415140000,NULL,1788415080000,20699);
INSERT INTO event VALUES('t-1',7,44,44,'tap',1,0,1788415080000,0,'synced',-1,2796934469687010451,1,'none',1788415140000,NULL,1788415080000,20699);
INSERT INTO event VALUES('t-1',7,45,45,'tap',1,0,1788415080000,0,'synced',-1,-5907414457425598726,1,'none',1788415140000,NULL,1788415080000,20699);
INSERT INTO event VALUES('t-1',7,46,46,'tap',1,0,1788415080000,0,'synced',-1,-2292617094140700426,1,'none',1788415140000,NULL,1788415080000,20699);
INSERT INTO event VALUES('t-1',7,47,47,'tap',1,0,1788415080000,0,'synced',-1,6487534847349913798,1,'none',1788415140000,NULL,1788415080000,20699);
INSERT INTO event VALUES('t-1',7,48,48,'tap',1,0,1788416040000,0,'synced',-1,5415404941720700042,1,'none',1788416040000,NULL,1788416040000,20699);
INSERT INTO event VALUES('t-1',7,49,49,'tap',1,0,1788416040000,0,'synced',-1,2352604368609687635,1,'none',1788416040000,NULL,1788416040000,20699);
INSERT INTO event VALUES('t-1',7,50,50,'tap',1,0,1788416040000,0,'synced',-1,-8996788604094640579,1,'none',1788416040000,NULL,1788416040000,20699);
INSERT INTO event VALUES('t-1',7,51,51,'tap',1,0,1788416040000,0,'synced',-1,-5270514222001156579,1,'none',1788416040000,NULL,1788416040000,20699);
INSERT INTO event VALUES('t-1',7,52,52,'tap',1,0,1788416040000,0,'synced',-1,2188269197878254803,1,'none',1788416040000,NULL,1788416040000,20699);
INSERT INTO event VALUES('t-1',7,53,53,'tap',1,0,1788416040000,0,'synced',-1,-4891272747845829282,1,'none',1788416040000,NULL,1788416040000,20699);
INSERT INTO event VALUES('t-1',7,54,54,'tap',1,0,1788416040000,0,'synced',-1,2796934469687010451,1,'none',1788416040000,NULL,1788416040000,20699);
INSERT INTO event VALUES('t-1',7,55,55,'tap',1,0,1788416040000,0,'synced',-1,-5907414457425598726,1,'none',1788416040000,NULL,1788416040000,20699);
INSERT INTO event VALUES('t-1',7,56,56,'tap',1,0,1788416040000,0,'synced',-1,-2292617094140700426,1,'none',1788416040000,NULL,1788416040000,20699);
INSERT INTO event VALUES('t-1',7,57,57,'tap',1,0,1788416040000,0,'synced',-1,6487534847349913798,1,'none',1788416040000,NULL,1788416040000,20699);
INSERT INTO event VALUES('t-2',7,1,1,'tap',1,0,1788242280000,0,'synced',-1,-7759959310125620822,1,'none',1788242340000,NULL,1788242280000,20697);
INSERT INTO event VALUES('t-2',7,2,2,'tap',1,0,1788242280000,0,'synced',-1,-464315308383779950,1,'none',1788242340000,NULL,1788242280000,20697);
INSERT INTO event VALUES('t-2',7,3,3,'tap',1,0,1788242280000,0,'synced',-1,-2174940474272145436,1,'none',1788242340000,NULL,1788242280000,20697);
INSERT INTO event VALUES('t-2',7,4,4,'tap',1,0,1788242340000,0,'synced',-1,-2493219028282733468,1,'none',1788242340000,NULL,1788242340000,20697);
INSERT INTO event VALUES('t-2',7,5,5,'tap',1,0,1788242280000,0,'synced',-1,4031517329505659894,1,'none',1788242340000,NULL,1788242280000,20697);
INSERT INTO event VALUES('t-2',7,6,6,'tap',1,0,1788242280000,0,'synced',-1,1113194319958387969,1,'none',1788242340000,NULL,1788242280000,20697);
INSERT INTO event VALUES('t-2',7,7,7,'tap',1,0,1788242280000,0,'synced',-1,2818239111761445351,1,'none',1788242340000,NULL,1788242280000,20697);
INSERT INTO event VALUES('t-2',7,8,8,'tap',1,0,1788242280000,0,'synced',-1,6886252458804578812,1,'none',1788242340000,NULL,1788242280000,20697);
INSERT INTO event VALUES('t-2',7,9,9,'tap',1,0,1788242280000,0,'synced',-1,-7754984871329517926,1,'none',1788242340000,NULL,1788242280000,20697);
INSERT INTO event VALUES('t-2',7,10,10,'tap',1,0,1788242280000,0,'synced',-1,6353308024851672773,1,'none',1788242340000,NULL,1788242280000,20697);
INSERT INTO event VALUES('t-2',7,11,11,'tap',1,0,1788243240000,0,'synced',-1,-7759959310125620822,1,'none',1788243240000,NULL,1788243240000,20697);
INSERT INTO event VALUES('t-2',7,12,12,'tap',1,0,1788243240000,0,'synced',-1,-464315308383779950,1,'none',1788243240000,NULL,1788243240000,20697);
INSERT INTO event VALUES('t-2',7,13,13,'tap',1,0,1788243240000,0,'synced',-1,-2174940474272145436,1,'none',1788243240000,NULL,1788243240000,20697);
INSERT INTO event VALUES('t-2',7,14,14,'tap',1,0,1788243240000,0,'synced',-1,-2493219028282733468,1,'none',1788243240000,NULL,1788243240000,20697);
INSERT INTO event VALUES('t-2',7,15,15,'tap',1,0,1788243240000,0,'synced',-1,4031517329505659894,1,'none',1788243240000,NULL,1788243240000,20697);
INSERT INTO event VALUES('t-2',7,16,16,'tap',1,0,1788243240000,0,'synced',-1,1113194319958387969,1,'none',1788243240000,NULL,1788243240000,20697);
INSERT INTO event VALUES('t-2',7,17,17,'tap',1,0,1788243240000,0,'synced',-1,2818239111761445351,1,'none',1788243240000,NULL,1788243240000,20697);
INSERT INTO event VALUES('t-2',7,18,18,'tap',1,0,1788243240000,0,'synced',-1,6886252458804578812,1,'none',1788243240000,NULL,1788243240000,20697);
INSERT INTO event VALUES('t-2',7,19,19,'tap',1,0,1788243240000,0,'synced',-1,-7754984871329517926,1,'none',1788243240000,NULL,1788243240000,20697);
INSERT INTO event VALUES('t-2',7,20,20,'tap',1,0,1788243240000,0,'synced',-1,6353308024851672773,1,'none',1788243240000,NULL,1788243240000,20697);
INSERT INTO event VALUES('t-2',7,21,21,'tap',1,0,1788328680000,0,'synced',-1,-7759959310125620822,1,'none',1788328740000,NULL,1788328680000,20698);
INSERT INTO event VALUES('t-2',7,22,22,'tap',1,0,1788328680000,0,'synced',-1,-2174940474272145436,1,'none',1788328740000,NULL,1788328680000,20698);
INSERT INTO event VALUES('t-2',7,23,23,'tap',1,0,1788328740000,0,'synced',-1,-2493219028282733468,1,'none',1788328740000,NULL,1788328740000,20698);
INSERT INTO event VALUES('t-2',7,24,24,'tap',1,0,1788328680000,0,'synced',-1,4031517329505659894,1,'none',1788328740000,NULL,1788328680000,20698);
INSERT INTO event VALUES('t-2',7,25,25,'tap',1,0,1788328680000,0,'synced',-1,1113194319958387969,1,'none',1788328740000,NULL,1788328680000,20698);
INSERT INTO event VALUES('t-2',7,26,26,'tap',1,0,1788328680000,0,'synced',-1,2818239111761445351,1,'none',1788328740000,NULL,1788328680000,20698);
INSERT INTO event VALUES('t-2',7,27,27,'tap',1,0,1788328680000,0,'synced',-1,6886252458804578812,1,'none',1788328740000,NULL,1788328680000,20698);
INSERT INTO event VALUES('t-2',7,28,28,'tap',1,0,1788328680000,0,'synced',-1,-7754984871329517926,1,'none',1788328740000,NULL,1788328680000,20698);
INSERT INTO event VALUES('t-2',7,29,29,'tap',1,0,1788328680000,0,'synced',-1,6353308024851672773,1,'none',1788328740000,NULL,1788328680000,20698);
INSERT INTO event VALUES('t-2',7,30,30,'tap',1,0,1788329640000,0,'synced',-1,-7759959310125620822,1,'none',1788329640000,NULL,1788329640000,20698);
INSERT INTO event VALUES('t-2',7,31,31,'tap',1,0,1788329640000,0,'synced',-1,-464315308383779950,1,'none',1788329640000,NULL,1788329640000,20698);
INSERT INTO event VALUES('t-2',7,32,32,'tap',1,0,1788329640000,0,'synced',-1,-2174940474272145436,1,'none',1788329640000,NULL,1788329640000,20698);
INSERT INTO event VALUES('t-2',7,33,33,'tap',1,0,1788329640000,0,'synced',-1,-2493219028282733468,1,'none',1788329640000,NULL,1788329640000,20698);
INSERT INTO event VALUES('t-2',7,34,34,'tap',1,0,1788329640000,0,'synced',-1,4031517329505659894,1,'none',1788329640000,NULL,1788329640000,20698);
INSERT INTO event VALUES('t-2',7,35,35,'tap',1,0,1788329640000,0,'synced',-1,1113194319958387969,1,'none',1788329640000,NULL,1788329640000,20698);
INSERT INTO event VALUES('t-2',7,36,36,'tap',1,0,1788329640000,0,'synced',-1,2818239111761445351,1,'none',1788329640000,NULL,1788329640000,20698);
INSERT INTO event VALUES('t-2',7,37,37,'tap',1,0,1788329640000,0,'synced',-1,6886252458804578812,1,'none',1788329640000,NULL,1788329640000,20698);
INSERT INTO event VALUES('t-2',7,38,38,'tap',1,0,1788329640000,0,'synced',-1,-7754984871329517926,1,'none',1788329640000,NULL,1788329640000,20698);
INSERT INTO event VALUES('t-2',7,39,39,'tap',1,0,1788329640000,0,'synced',-1,6353308024851672773,1,'none',1788329640000,NULL,1788329640000,20698);
INSERT INTO event VALUES('t-2',7,40,40,'out',1,0,1788332400000,0,'synced',-1,0,1,'none',1788334200000,NULL,1788332400000,20698);
INSERT INTO event VALUES('t-2',7,41,41,'tap',1,0,1788415080000,0,'synced',-1,-7759959310125620822,1,'none',1788415140000,NULL,1788415080000,20699);
INSERT INTO event VALUES('t-2',7,42,42,'tap',1,0,1788415080000,0,'synced',-1,-464315308383779950,1,'none',1788415140000,NULL,1788415080000,20699);
INSERT INTO event VALUES('t-2',7,43,43,'tap',1,0,1788415140000,0,'synced',-1,-2493219028282733468,1,'none',1788415140000,NULL,1788415140000,20699);
INSERT INTO event VALUES('t-2',7,44,44,'tap',1,0,1788415080000,0,'synced',-1,4031517329505659894,1,'none',1788415140000,NULL,1788415080000,20699);
INSERT INTO event VALUES('t-2',7,45,45,'tap',1,0,1788415080000,0,'synced',-1,1113194319958387969,1,'none',1788415140000,NULL,1788415080000,20699);
INSERT INTO event VALUES('t-2',7,46,46,'tap',1,0,1788415080000,0,'synced',-1,2818239111761445351,1,'none',1788415140000,NULL,1788415080000,20699);
INSERT INTO event VALUES('t-2',7,47,47,'tap',1,0,1788415080000,0,'synced',-1,6886252458804578812,1,'none',1788415140000,NULL,1788415080000,20699);
INSERT INTO event VALUES('t-2',7,48,48,'tap',1,0,1788415080000,0,'synced',-1,-7754984871329517926,1,'none',1788415140000,NULL,1788415080000,20699);
INSERT INTO event VALUES('t-2',7,49,49,'tap',1,0,1788415080000,0,'synced',-1,6353308024851672773,1,'none',1788415140000,NULL,1788415080000,20699);
INSERT INTO event VALUES('t-2',7,50,50,'tap',1,0,1788416040000,0,'synced',-1,-7759959310125620822,1,'none',1788416040000,NULL,1788416040000,20699);
INSERT INTO event VALUES('t-2',7,51,51,'tap',1,0,1788416040000,0,'synced',-1,-464315308383779950,1,'none',1788416040000,NULL,1788416040000,20699);
INSERT INTO event VALUES('t-2',7,52,52,'tap',1,0,1788416040000,0,'synced',-1,-2174940474272145436,1,'none',1788416040000,NULL,1788416040000,20699);
INSERT INTO event VALUES('t-2',7,53,53,'tap',1,0,1788416040000,0,'synced',-1,-2493219028282733468,1,'none',1788416040000,NULL,1788416040000,20699);
INSERT INTO event VALUES('t-2',7,54,54,'tap',1,0,1788416040000,0,'synced',-1,4031517329505659894,1,'none',1788416040000,NULL,1788416040000,20699);
INSERT INTO event VALUES('t-2',7,55,55,'tap',1,0,1788416040000,0,'synced',-1,1113194319958387969,1,'none',1788416040000,NULL,1788416040000,20699);
INSERT INTO event VALUES('t-2',7,56,56,'tap',1,0,1788416040000,0,'synced',-1,2818239111761445351,1,'none',1788416040000,NULL,1788416040000,20699);
INSERT INTO event VALUES('t-2',7,57,57,'tap',1,0,1788416040000,0,'synced',-1,6886252458804578812,1,'none',1788416040000,NULL,1788416040000,20699);
INSERT INTO event VALUES('t-2',7,58,58,'tap',1,0,1788416040000,0,'synced',-1,-7754984871329517926,1,'none',1788416040000,NULL,1788416040000,20699);
INSERT INTO event VALUES('t-2',7,59,59,'tap',1,0,1788416040000,0,'synced',-1,6353308024851672773,1,'none',1788416040000,NULL,1788416040000,20699);
CREATE TABLE event_tally (
  tally INTEGER PRIMARY KEY CHECK (tally = 1), events INTEGER NOT NULL, last_received_ms INTEGER NOT NULL
) STRICT;
INSERT INTO event_tally VALUES(1,116,1788416040000);
CREATE TABLE receipt (
  terminal_id TEXT NOT NULL, generation INTEGER NOT NULL, upto INTEGER NOT NULL,
  PRIMARY KEY (terminal_id, generation)
) STRICT, WITHOUT ROWID;
INSERT INTO receipt VALUES('t-1',7,57);
INSERT INTO receipt VALUES('t-2',7,59);
CREATE TABLE gap (
  terminal_id TEXT NOT NULL, generation INTEGER NOT NULL, first_sequence INTEGER NOT NULL, last_sequence INTEGER NOT NULL,
  recorded_ms INTEGER NOT NULL,
  PRIMARY KEY (terminal_id, generation, first_sequence)
) STRICT, WITHOUT ROWID;
CREATE TABLE terminal_state (  -- the latest word of and about each terminal
  terminal_id TEXT PRIMARY KEY, birth INTEGER NOT NULL, phase TEXT NOT NULL, firmware TEXT NOT NULL,
  at_ms INTEGER NOT NULL, clock TEXT NOT NULL, queued INTEGER NOT NULL, oldest_unsent_ms INTEGER NOT NULL,
  free_records INTEGER NOT NULL, config_version INTEGER NOT NULL, readers_up INTEGER NOT NULL,
  readers_configured INTEGER NOT NULL, received_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO terminal_state VALUES('t-1',1,'ready','test',1788411600000,'synced',0,0,0,0,0,0,1788411600000);
INSERT INTO terminal_state VALUES('t-2',1,'ready','test',1788411600000,'synced',0,0,0,0,0,0,1788411600000);
CREATE TABLE pupil (
  pupil_id TEXT NOT NULL, given_name TEXT NOT NULL, family_name TEXT NOT NULL, class TEXT NOT NULL, year TEXT NOT NULL,
  protected INTEGER NOT NULL, from_day INTEGER, to_day INTEGER,
  known_from_ms INTEGER NOT NULL, known_to_ms INTEGER
) STRICT;
INSERT INTO pupil(rowid,pupil_id,given_name,family_name,class,year,protected,from_day,to_day,known_from_ms,known_to_ms) VALUES(1,'pupil-00','A','B','class-1','7',0,NULL,NULL,0,NULL);
INSERT INTO pupil(rowid,pupil_id,given_name,family_name,class,year,protected,from_day,to_day,known_from_ms,known_to_ms) VALUES(2,'pupil-01','A','B','class-2','7',0,NULL,NULL,0,NULL);
INSERT INTO pupil(rowid,pupil_id,given_name,family_name,class,year,protected,from_day,to_day,known_from_ms,known_to_ms) VALUES(3,'pupil-02','A','B','class-1','7',0,NULL,NULL,0,NULL);
INSERT INTO pupil(rowid,pupil_id,given_name,family_name,class,year,protected,from_day,to_day,known_from_ms,known_to_ms) VALUES(4,'pupil-03','A','B','class-2','7',0,NULL,NULL,0,NULL);
INSERT INTO pupil(rowid,pupil_id,given_name,family_name,class,year,protected,from_day,to_day,known_from_ms,known_to_ms) VALUES(5,'pupil-04','A','B','class-1','7',0,NULL,NULL,0,NULL);
INSERT INTO pupil(rowid,pupil_id,given_name,family_name,class,year,protected,from_day,to_day,known_from_ms,known_to_ms) VALUES(6,'pupil-05','A','B','class-2','7',0,NULL,NULL,0,NULL);
INSERT INTO pupil(rowid,pupil_id,given_name,family_name,class,year,protected,from_day,to_day,known_from_ms,known_to_ms) VALUES(7,'pupil-06','A','B','class-1','7',0,NULL,NULL,0,NULL);
INSERT INTO pupil(rowid,pupil_id,given_name,family_name,class,year,protected,from_day,to_day,known_from_ms,known_to_ms) VALUES(8,'pupil-07','A','B','class-2','7',0,NULL,NULL,0,NULL);
INSERT INTO pupil(rowid,pupil_id,given_name,family_name,class,year,protected,from_day,to_day,known_from_ms,known_to_ms) VALUES(9,'pupil-08','A','B','class-1','7',0,NULL,NULL,0,NULL);
INSERT INTO pupil(rowid,pupil_id,given_name,family_name,class,year,protected,from_day,to_day,known_from_ms,known_to_ms) VALUES(10,'pupil-09','A','B','class-2','7',0,NULL,NULL,0,NULL);
INSERT INTO pupil(rowid,pupil_id,given_name,family_name,class,year,protected,from_day,to_day,known_from_ms,known_to_ms) VALUES(11,'pupil-10','A','B','class-1','7',0,NULL,NULL,0,NULL);
INSERT INTO pupil(rowid,pupil_id,given_name,family_name,class,year,protected,from_day,to_day,known_from_ms,known_to_ms) VALUES(12,'pupil-11','A','B','class-2','7',0,NULL,NULL,0,NULL);
INSERT INTO pupil(rowid,pupil_id,given_name,family_name,class,year,protected,from_day,to_day,known_from_ms,known_to_ms) VALUES(13,'pupil-12','A','B','class-1','7',0,NULL,NULL,0,NULL);
INSERT INTO pupil(rowid,pupil_id,given_name,family_name,class,year,protected,from_day,to_day,known_from_ms,known_to_ms) VALUES(14,'pupil-13','A','B','class-2','7',0,NULL,NULL,0,NULL);
INSERT INTO pupil(rowid,pupil_id,given_name,family_name,class,year,protected,from_day,to_day,known_from_ms,known_to_ms) VALUES(15,'pupil-14','A','B','class-1','7',0,NULL,NULL,0,NULL);
INSERT INTO pupil(rowid,pupil_id,given_name,family_name,class,year,protected,from_day,to_day,known_from_ms,known_to_ms) VALUES(16,'pupil-15','A','B','class-2','7',0,NULL,NULL,0,NULL);
INSERT INTO pupil(rowid,pupil_id,given_name,family_name,class,year,protected,from_day,to_day,known_from_ms,known_to_ms) VALUES(17,'pupil-16','A','B','class-1','7',0,NULL,NULL,0,NULL);
INSERT INTO pupil(rowid,pupil_id,given_name,family_name,class,year,protected,from_day,to_day,known_from_ms,known_to_ms) VALUES(18,'pupil-17','A','B','class-2','7',0,NULL,NULL,0,NULL);
INSERT INTO pupil(rowid,pupil_id,given_name,family_name,class,year,protected,from_day,to_day,known_from_ms,known_to_ms) VALUES(19,'pupil-18','A','B','class-1','7',0,NULL,NULL,0,NULL);
INSERT INTO pupil(rowid,pupil_id,given_name,family_name,class,year,protected,from_day,to_day,known_from_ms,known_to_ms) VALUES(20,'pupil-19','A','B','class-2','7',0,NULL,NULL,0,NULL);
CREATE TABLE member (
  group_id TEXT NOT NULL, pupil_id TEXT NOT NULL, from_day INTEGER, to_day INTEGER,
  known_from_ms INTEGER NOT NULL, known_to_ms INTEGER
) STRICT;
INSERT INTO member(rowid,group_id,pupil_id,from_day,to_day,known_from_ms,known_to_ms) VALUES(1,'class-1','pupil-00',NULL,NULL,0,NULL);
INSERT INTO member(rowid,group_id,pupil_id,from_day,to_day,known_from_ms,known_to_ms) VALUES(2,'class-2','pupil-01',NULL,NULL,0,NULL);
INSERT INTO member(rowid,group_id,pupil_id,from_day,to_day,known_from_ms,known_to_ms) VALUES(3,'class-1','pupil-02',NULL,NULL,0,NULL);
INSERT INTO member(rowid,group_id,pupil_id,from_day,to_day,known_from_ms,known_to_ms) VALUES(4,'class-2','pupil-03',NULL,NULL,0,NULL);
INSERT INTO member(rowid,group_id,pupil_id,from_day,to_day,known_from_ms,known_to_ms) VALUES(5,'class-1','pupil-04',NULL,NULL,0,NULL);
INSERT INTO member(rowid,group_id,pupil_id,from_day,to_day,known_from_ms,known_to_ms) VALUES(6,'class-2','pupil-05',NULL,NULL,0,NULL);
INSERT INTO member(rowid,group_id,pupil_id,from_day,to_day,known_from_ms,known_to_ms) VALUES(7,'class-1','pupil-06',NULL,NULL,0,NULL);
INSERT INTO member(rowid,group_id,pupil_id,from_day,to_day,known_from_ms,known_to_ms) VALUES(8,'class-2','pupil-07',NULL,NULL,0,NULL);
INSERT INTO member(rowid,group_id,pupil_id,from_day,to_day,known_from_ms,known_to_ms) VALUES(9,'class-1','pupil-08',NULL,NULL,0,NULL);
INSERT INTO member(rowid,group_id,pupil_id,from_day,to_day,known_from_ms,known_to_ms) VALUES(10,'class-2','pupil-09',NULL,NULL,0,NULL);
INSERT INTO member(rowid,group_id,pupil_id,from_day,to_day,known_from_ms,known_to_ms) VALUES(11,'class-1','pupil-10',NULL,NULL,0,NULL);
INSERT INTO member(rowid,group_id,pupil_id,from_day,to_day,known_from_ms,known_to_ms) VALUES(12,'class-2','pupil-11',NULL,NULL,0,NULL);
INSERT INTO member(rowid,group_id,pupil_id,from_day,to_day,known_from_ms,known_to_ms) VALUES(13,'class-1','pupil-12',NULL,NULL,0,NULL);
INSERT INTO member(rowid,group_id,pupil_id,from_day,to_day,known_from_ms,known_to_ms) VALUES(14,'class-2','pupil-13',NULL,NULL,0,NULL);
INSERT INTO member(rowid,group_id,pupil_id,from_day,to_day,known_from_ms,known_to_ms) VALUES(15,'class-1','pupil-14',NULL,NULL,0,NULL);
INSERT INTO member(rowid,group_id,pupil_id,from_day,to_day,known_from_ms,known_to_ms) VALUES(16,'class-2','pupil-15',NULL,NULL,0,NULL);
INSERT INTO member(rowid,group_id,pupil_id,from_day,to_day,known_from_ms,known_to_ms) VALUES(17,'class-1','pupil-16',NULL,NULL,0,NULL);
INSERT INTO member(rowid,group_id,pupil_id,from_day,to_day,known_from_ms,known_to_ms) VALUES(18,'class-2','pupil-17',NULL,NULL,0,NULL);
INSERT INTO member(rowid,group_id,pupil_id,from_day,to_day,known_from_ms,known_to_ms) VALUES(19,'class-1','pupil-18',NULL,NULL,0,NULL);
INSERT INTO member(rowid,group_id,pupil_id,from_day,to_day,known_from_ms,known_to_ms) VALUES(20,'class-2','pupil-19',NULL,NULL,0,NULL);
CREATE TABLE lesson (
  lesson INTEGER PRIMARY KEY,      -- the number that outcomes carry: one lesson_id keeps one number over its versions
  lesson_id TEXT NOT NULL UNIQUE
) STRICT;
INSERT INTO lesson VALUES(1,'lesson-1');
INSERT INTO lesson VALUES(2,'lesson-2');
INSERT INTO lesson VALUES(3,'lesson-3');
INSERT INTO lesson VALUES(4,'lesson-4');
INSERT INTO lesson VALUES(5,'lesson-5');
INSERT INTO lesson VALUES(6,'lesson-6');
INSERT INTO lesson VALUES(7,'lesson-7');
INSERT INTO lesson VALUES(8,'lesson-8');
INSERT INTO lesson VALUES(9,'lesson-9');
INSERT INTO lesson VALUES(10,'lesson-10');
INSERT INTO lesson VALUES(11,'lesson-11');
INSERT INTO lesson VALUES(12,'lesson-12');
CREATE TABLE lesson_version (
  lesson INTEGER NOT NULL REFERENCES lesson, group_id TEXT NOT NULL, subject TEXT NOT NULL, room TEXT NOT NULL,
  day INTEGER NOT NULL, start_minute INTEGER NOT NULL, end_minute INTEGER NOT NULL, state TEXT NOT NULL,
  known_from_ms INTEGER NOT NULL, known_to_ms INTEGER
) STRICT;
INSERT INTO lesson_version(rowid,lesson,group_id,subject,room,day,start_minute,end_minute,state,known_from_ms,known_to_ms) VALUES(1,1,'class-1','subject-0','room-1',20697,480,490,'held',0,NULL);
INSERT INTO lesson_version(rowid,lesson,group_id,subject,room,day,start_minute,end_minute,state,known_from_ms,known_to_ms) VALUES(2,2,'class-2','subject-0','room-2',20697,480,490,'held',0,NULL);
INSERT INTO lesson_version(rowid,lesson,group_id,subject,room,day,start_minute,end_minute,state,known_from_ms,known_to_ms) VALUES(3,3,'class-1','subject-1','room-1',20697,495,505,'held',0,NULL);
INSERT INTO lesson_version(rowid,lesson,group_id,subject,room,day,start_minute,end_minute,state,known_from_ms,known_to_ms) VALUES(4,4,'class-2','subject-1','room-2',20697,495,505,'held',0,NULL);
INSERT INTO lesson_version(rowid,lesson,group_id,subject,room,day,start_minute,end_minute,state,known_from_ms,known_to_ms) VALUES(5,5,'class-1','subject-0','room-1',20698,480,490,'held',0,NULL);
INSERT INTO lesson_version(rowid,lesson,group_id,subject,room,day,start_minute,end_minute,state,known_from_ms,known_to_ms) VALUES(6,6,'class-2','subject-0','room-2',20698,480,490,'held',0,NULL);
INSERT INTO lesson_version(rowid,lesson,group_id,subject,room,day,start_minute,end_minute,state,known_from_ms,known_to_ms) VALUES(7,7,'class-1','subject-1','room-1',20698,495,505,'held',0,NULL);
INSERT INTO lesson_version(rowid,lesson,group_id,subject,room,day,start_minute,end_minute,state,known_from_ms,known_to_ms) VALUES(8,8,'class-2','subject-1','room-2',20698,495,505,'held',0,NULL);
INSERT INTO lesson_version(rowid,lesson,group_id,subject,room,day,start_minute,end_minute,state,known_from_ms,known_to_ms) VALUES(9,9,'class-1','subject-0','room-1',20699,480,490,'held',0,NULL);
INSERT INTO lesson_version(rowid,lesson,group_id,subject,room,day,start_minute,end_minute,state,known_from_ms,known_to_ms) VALUES(10,10,'class-2','subject-0','room-2',20699,480,490,'held',0,NULL);
INSERT INTO lesson_version(rowid,lesson,group_id,subject,room,day,start_minute,end_minute,state,known_from_ms,known_to_ms) VALUES(11,11,'class-1','subject-1','room-1',20699,495,505,'held',0,NULL);
INSERT INTO lesson_version(rowid,lesson,group_id,subject,room,day,start_minute,end_minute,state,known_from_ms,known_to_ms) VALUES(12,12,'class-2','subject-1','room-2',20699,495,505,'held',0,NULL);
CREATE TABLE exemption (
  pupil_id TEXT NOT NULL, group_id TEXT NOT NULL, from_day INTEGER, to_day INTEGER,
  known_from_ms INTEGER NOT NULL, known_to_ms INTEGER
) STRICT;
INSERT INTO exemption(rowid,pupil_id,group_id,from_day,to_day,known_from_ms,known_to_ms) VALUES(1,'pupil-05','class-2',NULL,NULL,0,NULL);
CREATE TABLE terminal (
  terminal_id TEXT NOT NULL, room TEXT NOT NULL, known_from_ms INTEGER NOT NULL, known_to_ms INTEGER
) STRICT;
INSERT INTO terminal(rowid,terminal_id,room,known_from_ms,known_to_ms) VALUES(1,'t-1','room-1',0,NULL);
INSERT INTO terminal(rowid,terminal_id,room,known_from_ms,known_to_ms) VALUES(2,'t-2','room-2',0,NULL);
CREATE TABLE card (
  token INTEGER NOT NULL, pupil_id TEXT NOT NULL, from_day INTEGER, to_day INTEGER,
  known_from_ms INTEGER NOT NULL, known_to_ms INTEGER
) STRICT;
INSERT INTO card(rowid,token,pupil_id,from_day,to_day,known_from_ms,known_to_ms) VALUES(1,5415404941720700042,'pupil-00',NULL,NULL,0,NULL);
INSERT INTO card(rowid,token,pupil_id,from_day,to_day,known_from_ms,known_to_ms) VALUES(2,-7759959310125620822,'pupil-01',NULL,NULL,0,NULL);
INSERT INTO card(rowid,token,pupil_id,from_day,to_day,known_from_ms,known_to_ms) VALUES(3,2352604368609687635,'pupil-02',NULL,NULL,0,NULL);
INSERT INTO card(rowid,token,pupil_id,from_day,to_day,known_from_ms,known_to_ms) VALUES(4,-464315308383779950,'pupil-03',NULL,NULL,0,NULL);
INSERT INTO card(rowid,token,pupil_id,from_day,to_day,known_from_ms,known_to_ms) VALUES(5,-8996788604094640579,'pupil-04',NULL,NULL,0,NULL);
INSERT INTO card(rowid,token,pupil_id,from_day,to_day,known_from_ms,known_to_ms) VALUES(6,-2174940474272145436,'pupil-05',NULL,NULL,0,NULL);
INSERT INTO card(rowid,token,pupil_id,from_day,to_day,known_from_ms,known_to_ms) VALUES(7,-5270514222001156579,'pupil-06',NULL,NULL,0,NULL);
INSERT INTO card(rowid,token,pupil_id,from_day,to_day,known_from_ms,known_to_ms) VALUES(8,-2493219028282733468,'pupil-07',NULL,NULL,0,NULL);
INSERT INTO card(rowid,token,pupil_id,from_day,to_day,known_from_ms,known_to_ms) VALUES(9,2188269197878254803,'pupil-08',NULL,NULL,0,NULL);
INSERT INTO card(rowid,token,pupil_id,from_day,to_day,known_from_ms,known_to_ms) VALUES(10,4031517329505659894,'pupil-09',NULL,NULL,0,NULL);
INSERT INTO card(rowid,token,pupil_id,from_day,to_day,known_from_ms,known_to_ms) VALUES(11,-4891272747845829282,'pupil-10',NULL,NULL,0,NULL);
INSERT INTO card(rowid,token,pupil_id,from_day,to_day,known_from_ms,known_to_ms) VALUES(12,1113194319958387969,'pupil-11',NULL,NULL,0,NULL);
INSERT INTO card(rowid,token,pupil_id,from_day,to_day,known_from_ms,known_to_ms) VALUES(13,2796934469687010451,'pupil-12',NULL,NULL,0,NULL);
INSERT INTO card(rowid,token,pupil_id,from_day,to_day,known_from_ms,known_to_ms) VALUES(14,2818239111761445351,'pupil-13',NULL,NULL,0,NULL);
INSERT INTO card(rowid,token,pupil_id,from_day,to_day,known_from_ms,known_to_ms) VALUES(15,-5907414457425598726,'pupil-14',NULL,NULL,0,NULL);
INSERT INTO card(rowid,token,pupil_id,from_day,to_day,known_from_ms,known_to_ms) VALUES(16,6886252458804578812,'pupil-15',NULL,NULL,0,NULL);
INSERT INTO card(rowid,token,pupil_id,from_day,to_day,known_from_ms,known_to_ms) VALUES(17,-2292617094140700426,'pupil-16',NULL,NULL,0,NULL);
INSERT INTO card(rowid,token,pupil_id,from_day,to_day,known_from_ms,known_to_ms) VALUES(18,-7754984871329517926,'pupil-17',NULL,NULL,0,NULL);
INSERT INTO card(rowid,token,pupil_id,from_day,to_day,known_from_ms,known_to_ms) VALUES(19,6487534847349913798,'pupil-18',NULL,NULL,0,NULL);
INSERT INTO card(rowid,token,pupil_id,from_day,to_day,known_from_ms,known_to_ms) VALUES(20,6353308024851672773,'pupil-19',NULL,NULL,0,NULL);
CREATE TABLE absence (
  absence INTEGER PRIMARY KEY, pupil_id TEXT NOT NULL, type TEXT NOT NULL,  -- reported, leave
  from_ms INTEGER NOT NULL, to_ms INTEGER NOT NULL,                         -- to excluded
  known_from_ms INTEGER NOT NULL, known_to_ms INTEGER
) STRICT;
INSERT INTO absence VALUES(1,'pupil-03','reported',1788213600000,1788300000000,0,NULL);
CREATE TABLE mark (
  lesson INTEGER NOT NULL, pupil_id TEXT NOT NULL, status TEXT NOT NULL, absent_minutes INTEGER NOT NULL,
  recorded_ms INTEGER NOT NULL, known_from_ms INTEGER NOT NULL, author TEXT NOT NULL
) STRICT;
CREATE TABLE outage (
  terminal_id TEXT NOT NULL, from_ms INTEGER NOT NULL, to_ms INTEGER NOT NULL,
  known_from_ms INTEGER NOT NULL, known_to_ms INTEGER
) STRICT;
CREATE TABLE imported_tap (  -- from taps.csv; a terminal's own are in event
  terminal_id TEXT NOT NULL, token INTEGER NOT NULL, at_ms INTEGER NOT NULL, day INTEGER NOT NULL,
  known_from_ms INTEGER NOT NULL,
  PRIMARY KEY (day, terminal_id, token, at_ms)
) STRICT, WITHOUT ROWID;
INSERT INTO imported_tap VALUES('t-1',99,1788242300000,20697,0);
CREATE TABLE staff (
  staff_id TEXT PRIMARY KEY, name TEXT NOT NULL, role TEXT NOT NULL, email TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO staff VALUES('s-1','S','mentor','');
CREATE TABLE teacher (
  group_id TEXT NOT NULL, staff_id TEXT NOT NULL, from_day INTEGER, to_day INTEGER,
  known_from_ms INTEGER NOT NULL, known_to_ms INTEGER
) STRICT;
INSERT INTO teacher(rowid,group_id,staff_id,from_day,to_day,known_from_ms,known_to_ms) VALUES(1,'class-1','s-1',NULL,NULL,0,NULL);
CREATE TABLE guardian (
  pupil_id TEXT NOT NULL, name TEXT NOT NULL, phone TEXT NOT NULL, email TEXT NOT NULL, priority INTEGER NOT NULL,
  known_from_ms INTEGER NOT NULL, known_to_ms INTEGER
) STRICT;
INSERT INTO guardian(rowid,pupil_id,name,phone,email,priority,known_from_ms,known_to_ms) VALUES(1,'pupil-00','G','070','',1,0,NULL);
CREATE TABLE rules_version (
  version INTEGER PRIMARY KEY, text TEXT NOT NULL, author TEXT NOT NULL, why TEXT NOT NULL,
  from_day INTEGER NOT NULL, recorded_ms INTEGER NOT NULL
) STRICT;
INSERT INTO rules_version VALUES(1,'rules = ( { id = "gone"; severity = 2; when = ( { measure = "unreported_lessons"; days = 5; at_least = 1; } ); clear = { measure = "unreported_lessons"; days = 5; below = 1; for_days = 1; }; } );','narvarod','first version, from the settings',0,1788238800000);
CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO setting VALUES('school','skolan');
CREATE TABLE recorded_outage (
  terminal_id TEXT NOT NULL, reader INTEGER NOT NULL, from_ms INTEGER NOT NULL, to_ms INTEGER,  -- NULL = still
  PRIMARY KEY (terminal_id, reader, from_ms)
) STRICT, WITHOUT ROWID;
INSERT INTO recorded_outage VALUES('t-2',1,1788332400000,NULL);
CREATE TABLE publication (
  topic TEXT PRIMARY KEY, version INTEGER NOT NULL, digest INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO publication VALUES('cards',1,7353711380217113401);
INSERT INTO publication VALUES('config',1,-2713594366534060805);
INSERT INTO publication VALUES('narvaro/1/skolan/t-1/plan/2026-09-03',1,-2772263807614221100);
INSERT INTO publication VALUES('narvaro/1/skolan/t-1/plan/2026-09-04',1,8036070027023840637);
INSERT INTO publication VALUES('narvaro/1/skolan/t-2/plan/2026-09-03',1,-8638112601636592606);
INSERT INTO publication VALUES('narvaro/1/skolan/t-2/plan/2026-09-04',1,8036070027023840637);
CREATE TABLE subject (subject INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
INSERT INTO subject VALUES(1,'subject-0');
INSERT INTO subject VALUES(2,'subject-1');
CREATE TABLE pupil_day (
  pupil_id TEXT NOT NULL, day INTEGER NOT NULL, class TEXT NOT NULL, outcomes BLOB NOT NULL,
  PRIMARY KEY (pupil_id, day)
) STRICT, WITHOUT ROWID;
INSERT INTO pupil_day VALUES('pupil-00',20697,'class-1',X'01000000e0010a00000001000003000000ef010a000000020000');
INSERT INTO pupil_day VALUES('pupil-00',20698,'class-1',X'05000000e0010a00000001000007000000ef010a000000020000');
INSERT INTO pupil_day VALUES('pupil-00',20699,'class-1',X'09000000e0010a0000000100000b000000ef010a000000020000');
INSERT INTO pupil_day VALUES('pupil-01',20697,'class-2',X'02000000e0010a00000001000004000000ef010a000000020000');
INSERT INTO pupil_day VALUES('pupil-01',20698,'class-2',X'06000000e0010a00000001000008000000ef010a000000020000');
INSERT INTO pupil_day VALUES('pupil-01',20699,'class-2',X'0a000000e0010a0000000100000c000000ef010a000000020000');
INSERT INTO pupil_day VALUES('pupil-02',20697,'class-1',X'01000000e0010a000a0001000403000000ef010a000000020000');
INSERT INTO pupil_day VALUES('pupil-02',20698,'class-1',X'05000000e0010a000a0001000407000000ef010a000000020000');
INSERT INTO pupil_day VALUES('pupil-02',20699,'class-1',X'09000000e0010a0000000100000b000000ef010a000000020000');
INSERT INTO pupil_day VALUES('pupil-03',20697,'class-2',X'02000000e0010a00000001000004000000ef010a000000020000');
INSERT INTO pupil_day VALUES('pupil-03',20698,'class-2',X'06000000e0010a000a0001000408000000ef010a000000020000');
INSERT INTO pupil_day VALUES('pupil-03',20699,'class-2',X'0a000000e0010a0000000100000c000000ef010a000000020000');
INSERT INTO pupil_day VALUES('pupil-04',20697,'class-1',X'01000000e0010a00000001000003000000ef010a000000020000');
INSERT INTO pupil_day VALUES('pupil-04',20698,'class-1',X'05000000e0010a00000001000007000000ef010a000000020000');
INSERT INTO pupil_day VALUES('pupil-04',20699,'class-1',X'09000000e0010a000a000100040b000000ef010a000000020000');
INSERT INTO pupil_day VALUES('pupil-05',20697,'class-2',X'02000000e0010a00000001000704000000ef010a000000020007');
INSERT INTO pupil_day VALUES('pupil-05',20698,'class-2',X'06000000e0010a00000001000708000000ef010a000000020007');
INSERT INTO pupil_day VALUES('pupil-05',20699,'class-2',X'0a000000e0010a0000000100070c000000ef010a000000020007');
INSERT INTO pupil_day VALUES('pupil-06',20697,'class-1',X'01000000e0010a00000001000003000000ef010a000000020000');
INSERT INTO pupil_day VALUES('pupil-06',20698,'class-1',X'05000000e0010a00000001000007000000ef010a000000020000');
INSERT INTO pupil_day VALUES('pupil-06',20699,'class-1',X'09000000e0010a0000000100000b000000ef010a000000020000');
INSERT INTO pupil_day VALUES('pupil-07',20697,'class-2',X'02000000e0010a00000001000004000000ef010a000000020000');
INSERT INTO pupil_day VALUES('pupil-07',20698,'class-2',X'06000000e0010a00000001000008000000ef010a000000020000');
INSERT INTO pupil_day VALUES('pupil-07',20699,'class-2',X'0a000000e0010a0000000100000c000000ef010a000000020000');
INSERT INTO pupil_day VALUES('pupil-08',20697,'class-1',X'01000000e0010a00000001000003000000ef010a000000020000');
INSERT INTO pupil_day VALUES('pupil-08',20698,'class-1',X'05000000e0010a00000001000007000000ef010a000000020000');
INSERT INTO pupil_day VALUES('pupil-08',20699,'class-1',X'09000000e0010a0000000100000b000000ef010a000000020000');
INSERT INTO pupil_day VALUES('pupil-09',20697,'class-2',X'02000000e0010a00000001000004000000ef010a000000020000');
INSERT INTO pupil_day VALUES('pupil-09',20698,'class-2',X'06000000e0010a00000001000008000000ef010a000000020000');
INSERT INTO pupil_day VALUES('pupil-09',20699,'class-2',X'0a000000e0010a0000000100000c000000ef010a000000020000');
INSERT INTO pupil_day VALUES('pupil-10',20697,'class-1',X'01000000e0010a00000001000003000000ef010a000000020000');
INSERT INTO pupil_day VALUES('pupil-10',20698,'class-1',X'05000000e0010a00000001000007000000ef010a000000020000');
INSERT INTO pupil_day VALUES('pupil-10',20699,'class-1',X'09000000e0010a0000000100000b000000ef010a000000020000');
INSERT INTO pupil_day VALUES('pupil-11',20697,'class-2',X'02000000e0010a00000001000004000000ef010a000000020000');
INSERT INTO pupil_day VALUES('pupil-11',20698,'class-2',X'06000000e0010a00000001000008000000ef010a000000020000');
INSERT INTO pupil_day VALUES('pupil-11',20699,'class-2',X'0a000000e0010a0000000100000c000000ef010a000000020000');
INSERT INTO pupil_day VALUES('pupil-12',20697,'class-1',X'01000000e0010a00000001000003000000ef010a000000020000');
INSERT INTO pupil_day VALUES('pupil-12',20698,'class-1',X'05000000e0010a00000001000007000000ef010a000000020000');
INSERT INTO pupil_day VALUES('pupil-12',20699,'class-1',X'09000000e0010a0000000100000b000000ef010a000000020000');
INSERT INTO pupil_day VALUES('pupil-13',20697,'class-2',X'02000000e0010a00000001000004000000ef010a000000020000');
INSERT INTO pupil_day VALUES('pupil-13',20698,'class-2',X'06000000e0010a00000001000008000000ef010a000000020000');
INSERT INTO pupil_day VALUES('pupil-13',20699,'class-2',X'0a000000e0010a0000000100000c000000ef010a000000020000');
INSERT INTO pupil_day VALUES('pupil-14',20697,'class-1',X'01000000e0010a00000001000003000000ef010a000000020000');
INSERT INTO pupil_day VALUES('pupil-14',20698,'class-1',X'05000000e0010a00000001000007000000ef010a000000020000');
INSERT INTO pupil_day VALUES('pupil-14',20699,'class-1',X'09000000e0010a0000000100000b000000ef010a000000020000');
INSERT INTO pupil_day VALUES('pupil-15',20697,'class-2',X'02000000e0010a00000001000004000000ef010a000000020000');
INSERT INTO pupil_day VALUES('pupil-15',20698,'class-2',X'06000000e0010a00000001000008000000ef010a000000020000');
INSERT INTO pupil_day VALUES('pupil-15',20699,'class-2',X'0a000000e0010a0000000100000c000000ef010a000000020000');
INSERT INTO pupil_day VALUES('pupil-16',20697,'class-1',X'01000000e0010a00000001000003000000ef010a000000020000');
INSERT INTO pupil_day VALUES('pupil-16',20698,'class-1',X'05000000e0010a00000001000007000000ef010a000000020000');
INSERT INTO pupil_day VALUES('pupil-16',20699,'class-1',X'09000000e0010a0000000100000b000000ef010a000000020000');
INSERT INTO pupil_day VALUES('pupil-17',20697,'class-2',X'02000000e0010a00000001000004000000ef010a000000020000');
INSERT INTO pupil_day VALUES('pupil-17',20698,'class-2',X'06000000e0010a00000001000008000000ef010a000000020000');
INSERT INTO pupil_day VALUES('pupil-17',20699,'class-2',X'0a000000e0010a0000000100000c000000ef010a000000020000');
INSERT INTO pupil_day VALUES('pupil-18',20697,'class-1',X'01000000e0010a00000001000003000000ef010a000000020000');
INSERT INTO pupil_day VALUES('pupil-18',20698,'class-1',X'05000000e0010a00000001000007000000ef010a000000020000');
INSERT INTO pupil_day VALUES('pupil-18',20699,'class-1',X'09000000e0010a0000000100000b000000ef010a000000020000');
INSERT INTO pupil_day VALUES('pupil-19',20697,'class-2',X'02000000e0010a00000001000004000000ef010a000000020000');
INSERT INTO pupil_day VALUES('pupil-19',20698,'class-2',X'06000000e0010a00000001000008000000ef010a000000020000');
INSERT INTO pupil_day VALUES('pupil-19',20699,'class-2',X'0a000000e0010a0000000100000c000000ef010a000000020000');
CREATE TABLE school_day (
  day INTEGER PRIMARY KEY, lessons_closed INTEGER NOT NULL, closed_ms INTEGER NOT NULL,
  decided_ms INTEGER               -- when the day closed and its flags were decided; NULL = not yet
) STRICT;
INSERT INTO school_day VALUES(20697,4,1788245700000,1788245700000);
INSERT INTO school_day VALUES(20698,4,1788332100000,1788332100000);
INSERT INTO school_day VALUES(20699,4,1788418500000,1788418500000);
CREATE TABLE flag (
  flag INTEGER PRIMARY KEY, pupil_id TEXT NOT NULL, rule TEXT NOT NULL, severity INTEGER NOT NULL,
  rules_version INTEGER NOT NULL, raised_day INTEGER NOT NULL, cleared_day INTEGER,
  evidence TEXT NOT NULL,          -- JSON: the array `evidence` of docs/api.md
  decided_ms INTEGER NOT NULL, withdrawn_ms INTEGER, withdrawn_why TEXT
) STRICT;
INSERT INTO flag VALUES(1,'pupil-00','gone',2,1,20697,NULL,'[{"measure":"unreported_lessons","days":5,"offset":0,"from":"2026-09-01","to":"2026-09-01","own_days":1,"numerator":1,"denominator":1,"comparison":"at_least","threshold_hundredths":100}]',1788245700000,1788247800000,'late events');
INSERT INTO flag VALUES(2,'pupil-02','gone',2,1,20697,NULL,'[{"measure":"unreported_lessons","days":5,"offset":0,"from":"2026-09-01","to":"2026-09-01","own_days":1,"numerator":1,"denominator":1,"comparison":"at_least","threshold_hundredths":100}]',1788245700000,NULL,NULL);
INSERT INTO flag VALUES(3,'pupil-03','gone',2,1,20698,NULL,'[{"measure":"unreported_lessons","days":5,"offset":0,"from":"2026-09-01","to":"2026-09-02","own_days":2,"numerator":1,"denominator":1,"comparison":"at_least","threshold_hundredths":100}]',1788332100000,NULL,NULL);
INSERT INTO flag VALUES(4,'pupil-04','gone',2,1,20699,NULL,'[{"measure":"unreported_lessons","days":5,"offset":0,"from":"2026-09-01","to":"2026-09-03","own_days":3,"numerator":1,"denominator":1,"comparison":"at_least","threshold_hundredths":100}]',1788418500000,NULL,NULL);
CREATE TABLE flag_change (
  flag INTEGER NOT NULL REFERENCES flag, change TEXT NOT NULL,  -- raised, cleared, reopened, withdrawn
  day INTEGER, why TEXT NOT NULL, recorded_ms INTEGER NOT NULL
) STRICT;
INSERT INTO flag_change(rowid,flag,change,day,why,recorded_ms) VALUES(1,1,'raised',20697,'',1788245700000);
INSERT INTO flag_change(rowid,flag,change,day,why,recorded_ms) VALUES(2,2,'raised',20697,'',1788245700000);
INSERT INTO flag_change(rowid,flag,change,day,why,recorded_ms) VALUES(3,1,'withdrawn',NULL,'late events',1788247800000);
INSERT INTO flag_change(rowid,flag,change,day,why,recorded_ms) VALUES(4,3,'raised',20698,'',1788332100000);
INSERT INTO flag_change(rowid,flag,change,day,why,recorded_ms) VALUES(5,4,'raised',20699,'',1788418500000);
CREATE TABLE task (
  task INTEGER PRIMARY KEY, kind TEXT NOT NULL,  -- guardian
  pupil_id TEXT NOT NULL, day INTEGER NOT NULL,
  lessons TEXT NOT NULL,           -- JSON: the array `lessons` of docs/api.md
  created_ms INTEGER NOT NULL, closed_ms INTEGER, closed_why TEXT,
  UNIQUE (kind, pupil_id, day)
) STRICT;
INSERT INTO task VALUES(1,'guardian','pupil-00',20697,'[{"start":"08:00","subject":"subject-0","minutes":10,"absent_minutes":10}]',1788243060000,1788247800000,'corrected');
INSERT INTO task VALUES(2,'guardian','pupil-02',20697,'[{"start":"08:00","subject":"subject-0","minutes":10,"absent_minutes":10}]',1788243060000,NULL,NULL);
INSERT INTO task VALUES(3,'guardian','pupil-02',20698,'[{"start":"08:00","subject":"subject-0","minutes":10,"absent_minutes":10}]',1788329460000,NULL,NULL);
INSERT INTO task VALUES(4,'guardian','pupil-03',20698,'[{"start":"08:00","subject":"subject-0","minutes":10,"absent_minutes":10}]',1788329460000,NULL,NULL);
INSERT INTO task VALUES(5,'guardian','pupil-04',20699,'[{"start":"08:00","subject":"subject-0","minutes":10,"absent_minutes":10}]',1788415860000,NULL,NULL);
CREATE INDEX event_by_day ON event (settled_day) WHERE kind = 'tap';
CREATE INDEX event_by_token ON event (token, settled_day) WHERE kind = 'tap';
CREATE INDEX event_clock ON event (terminal_id, generation, boot) WHERE kind = 'clock';
CREATE INDEX event_unset ON event (terminal_id, generation, boot) WHERE clock = 'unset';
CREATE INDEX event_outage ON event (terminal_id, settled_ms) WHERE kind IN ('out', 'in', 'boot');
CREATE TRIGGER event_counted AFTER INSERT ON event BEGIN
  UPDATE event_tally SET events = events + 1, last_received_ms = max(last_received_ms, NEW.received_ms);
END;
CREATE UNIQUE INDEX pupil_now ON pupil (pupil_id) WHERE known_to_ms IS NULL;
CREATE INDEX member_by_pupil ON member (pupil_id, group_id);
CREATE UNIQUE INDEX lesson_now ON lesson_version (lesson) WHERE known_to_ms IS NULL;
CREATE INDEX lesson_by_day ON lesson_version (day);
CREATE INDEX exemption_by_pupil ON exemption (pupil_id, group_id);
CREATE UNIQUE INDEX terminal_now ON terminal (terminal_id) WHERE known_to_ms IS NULL;
CREATE INDEX card_by_token ON card (token);
CREATE INDEX card_by_pupil ON card (pupil_id);
CREATE INDEX absence_by_time ON absence (from_ms);
CREATE INDEX absence_by_pupil ON absence (pupil_id);
CREATE INDEX mark_by_lesson ON mark (lesson);
CREATE INDEX mark_by_pupil ON mark (pupil_id);
CREATE INDEX outage_by_terminal ON outage (terminal_id, from_ms);
CREATE INDEX imported_tap_by_token ON imported_tap (token, day);
CREATE INDEX teacher_by_group ON teacher (group_id);
CREATE INDEX guardian_by_pupil ON guardian (pupil_id);
CREATE INDEX recorded_outage_open ON recorded_outage (terminal_id) WHERE to_ms IS NULL;
CREATE INDEX pupil_day_by_day ON pupil_day (day);
CREATE UNIQUE INDEX flag_once ON flag (pupil_id, rule, rules_version, raised_day) WHERE withdrawn_ms IS NULL;
CREATE INDEX flag_by_pupil ON flag (pupil_id);
CREATE INDEX flag_open ON flag (pupil_id) WHERE cleared_day IS NULL AND withdrawn_ms IS NULL;
CREATE INDEX flag_change_by_flag ON flag_change (flag);
CREATE VIEW pupil_known AS
  SELECT pupil_id, given_name, family_name, class, year, protected, from_day, to_day FROM pupil WHERE known_to_ms IS NULL;
CREATE VIEW flag_shown AS
  SELECT flag, pupil_id, rule, severity, rules_version, raised_day, cleared_day, evidence, withdrawn_ms FROM flag;
CREATE VIEW check_in AS
  SELECT c.pupil_id AS pupil_id, e.settled_ms AS at_ms, e.terminal_id AS terminal_id, t.room AS room, e.feedback AS feedback
    FROM card c CROSS JOIN event e ON e.token = c.token AND e.kind = 'tap'
      AND e.settled_day BETWEEN coalesce(c.from_day, e.settled_day) AND coalesce(c.to_day, e.settled_day)
    LEFT JOIN terminal t ON t.terminal_id = e.terminal_id AND t.known_to_ms IS NULL
   WHERE c.known_to_ms IS NULL
  UNION ALL
  SELECT c.pupil_id, i.at_ms, i.terminal_id, t.room, ''
    FROM card c CROSS JOIN imported_tap i ON i.token = c.token
      AND i.day BETWEEN coalesce(c.from_day, i.day) AND coalesce(c.to_day, i.day)
    LEFT JOIN terminal t ON t.terminal_id = i.terminal_id AND t.known_to_ms IS NULL
   WHERE c.known_to_ms IS NULL;
CREATE VIEW terminal_seen AS
  SELECT t.terminal_id AS terminal_id, t.room AS room, s.phase AS phase, s.firmware AS firmware, s.received_ms AS received_ms,
         s.clock AS clock, s.queued AS queued, s.oldest_unsent_ms AS oldest_unsent_ms, s.readers_up AS readers_up,
         s.readers_configured AS readers_configured
    FROM terminal t LEFT JOIN terminal_state s ON s.terminal_id = t.terminal_id WHERE t.known_to_ms IS NULL;
CREATE VIEW setting_shown AS SELECT name, value FROM setting WHERE name IN ('school', 'demo');
CREATE VIEW subject_shown AS SELECT subject, name FROM subject;
CREATE VIEW task_open AS
  SELECT task, pupil_id, day, lessons, created_ms FROM task WHERE closed_ms IS NULL;
CREATE VIEW absence_known AS
  SELECT pupil_id, type, from_ms, to_ms, known_from_ms FROM absence WHERE known_to_ms IS NULL;
CREATE VIEW mark_shown AS
  SELECT m.pupil_id AS pupil_id, m.status AS status, m.recorded_ms AS recorded_ms, v.subject AS subject,
         v.start_minute AS start_minute
    FROM mark m JOIN lesson_version v ON v.lesson = m.lesson AND v.known_to_ms IS NULL;
CREATE VIEW class_mentor AS
  SELECT staff_id, group_id AS class, from_day, to_day FROM teacher WHERE known_to_ms IS NULL;
CREATE VIEW guardian_known AS
  SELECT pupil_id, name, phone, priority FROM guardian WHERE known_to_ms IS NULL;
CREATE VIEW lesson_known AS
  SELECT lesson, group_id, subject, room, day, start_minute, end_minute FROM lesson_version
   WHERE known_to_ms IS NULL AND state <> 'cancelled';
CREATE VIEW day_decided AS SELECT day FROM school_day WHERE decided_ms IS NOT NULL;
CREATE VIEW status_shown AS
  SELECT (SELECT events FROM event_tally) AS events_stored,
         (SELECT last_received_ms FROM event_tally) AS last_event_ms,
         (SELECT max(day) FROM day_decided) AS decided_day,
         (SELECT coalesce(sum(lessons_closed), 0) FROM school_day) AS lessons_closed,
         (SELECT count(*) FROM flag WHERE withdrawn_ms IS NULL) AS flags_raised,
         (SELECT count(*) FROM flag WHERE withdrawn_ms IS NULL AND cleared_day IS NULL) AS flags_open,
         (SELECT count(*) FROM task WHERE closed_ms IS NULL) AS tasks_open,
         (SELECT count(*) FROM pupil WHERE known_to_ms IS NULL) AS pupils;
CREATE VIEW change_mark AS
  SELECT (SELECT coalesce(max(rowid), 0) FROM flag_change) + (SELECT count(*) + count(closed_ms) FROM task)
           + (SELECT count(decided_ms) FROM school_day) AS flags,
         (SELECT coalesce(sum(received_ms % 1000000007), 0) + count(*) FROM terminal_state) AS terminals;
COMMIT;
