import eslint from "@eslint/js";
import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";

/** An exception is argued line by line: a block comment that switches a rule off for the rest of a file is an error. */
const noFileWideDisable = {
  meta: { type: "problem", messages: { fileWide: "Switch a rule off for one line, and say why, not for the file." } },
  create: (context) => ({
    Program() {
      for (const comment of context.sourceCode.getAllComments()) {
        if (!/^\s*eslint-disable(?!-(next-)?line)/.test(comment.value)) continue;
        context.report({ loc: comment.loc, messageId: "fileWide" });
      }
    },
  }),
};

const codeLines = { skipBlankLines: true, skipComments: true };

export default defineConfig(
  globalIgnores([
    "dist/",
    "coverage/",
    ".temp/",
    "test-results/",
    "**/*.min.js",
    "**/mockServiceWorker.js",
    "test/package/consumers/cjs.cts",
  ]),
  { linterOptions: { reportUnusedDisableDirectives: "error" } },
  {
    plugins: { holdfast: { rules: { "no-file-wide-disable": noFileWideDisable } } },
    rules: { "holdfast/no-file-wide-disable": "error" },
  },
  eslint.configs.recommended,
  {
    files: ["**/*.{ts,tsx,mts,cts}"],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: { project: ["./tsconfig.json", "./tsconfig.test.json"], tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      "@typescript-eslint/consistent-type-imports": ["error", { disallowTypeAnnotations: false }],
      "@typescript-eslint/explicit-module-boundary-types": "error",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      eqeqeq: "error",
    },
  },
  {
    files: ["src/**/*.ts"],
    rules: {
      // "modified": an exhaustive switch counts once, not once for each of its cases.
      complexity: ["error", { max: 15, variant: "modified" }],
      "max-lines": ["error", { max: 250, ...codeLines }],
      "max-lines-per-function": ["error", { max: 40, ...codeLines }],
    },
  },
  {
    files: ["scripts/**/*.ts"],
    rules: { "max-lines-per-function": ["error", { max: 40, ...codeLines }] },
  },
  {
    // Nothing is exported from here to anybody outside; the tests' own types say enough.
    files: ["test/**/*.ts"],
    rules: { "@typescript-eslint/explicit-module-boundary-types": "off" },
  },
  {
    // Code for other runtimes and for pages: what the types say is there may be missing, and is asked for.
    files: ["test/{browsers,runtimes,package,servers,network,simulation}/**/*.ts"],
    rules: {
      "@typescript-eslint/no-base-to-string": "off",
      "@typescript-eslint/switch-exhaustiveness-check": "off",
      "@typescript-eslint/no-confusing-void-expression": "off",
      "@typescript-eslint/no-meaningless-void-operator": "off",
      "@typescript-eslint/no-unnecessary-condition": "off",
      "@typescript-eslint/no-unnecessary-type-assertion": "off",
      "@typescript-eslint/no-unsafe-call": "off",
      "@typescript-eslint/unbound-method": "off",
    },
  },
  {
    // Plain JavaScript here is configuration and pages for a browser; the type checker does not see it.
    files: ["**/*.{js,mjs,cjs}"],
    rules: { "no-undef": "off" },
  },
);
