// What eslint looks for, in the pages and in the tests. Layout is prettier's, types are tsc's (types.json).
import js from "@eslint/js";
import globals from "globals";

const RULES = {
  eqeqeq: "error",
  "no-console": "off",
  "no-else-return": "error",
  "no-implicit-coercion": "error",
  "no-shadow": "error",
  "no-unused-expressions": ["error", { allowShortCircuit: true, allowTernary: true }],
  "no-unused-vars": ["error", { args: "after-used", caughtErrors: "all" }],
  "no-use-before-define": ["error", { classes: false, functions: false, variables: false }],
  "no-useless-rename": "error",
  "no-var": "error",
  "object-shorthand": "error",
  "prefer-arrow-callback": "error",
  "prefer-const": "error",
  "prefer-template": "error",
};

export default [
  { ignores: ["**/vendor/", "**/node_modules/", "build/"] },
  js.configs.recommended,
  { linterOptions: { reportUnusedDisableDirectives: "error" }, rules: RULES },
  { files: ["dashboard/web/**/*.js"], languageOptions: { globals: globals.browser } },
  // Tests are short and read from the top: an inner name may be an outer one.
  { files: ["tests/**/*.mjs"], languageOptions: { globals: globals.node }, rules: { "no-shadow": "off" } },
  // What page.evaluate is given runs in the browser.
  {
    files: ["tests/browser*.mjs", "tests/browser/*.mjs", "tests/bench/pages.mjs"],
    languageOptions: { globals: { ...globals.node, ...globals.browser } },
  },
];
