import js from "@eslint/js";
import prettier from "eslint-config-prettier";
import tseslint from "typescript-eslint";

const printing = [
  { name: "console", message: "Only commands and cli print; return a value instead." },
  { name: "process", message: "Only commands and cli touch the process; take what you need as a parameter." },
];

export default tseslint.config(
  { ignores: ["dist", "coverage", "node_modules"] },
  js.configs.recommended,
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "max-lines": ["error", { max: 250 }],
      "@typescript-eslint/restrict-template-expressions": [
        "error",
        { allowNumber: true, allowBoolean: true },
      ],
      "@typescript-eslint/no-confusing-void-expression": [
        "error",
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      // async is also how a throw becomes a rejection.
      "@typescript-eslint/require-await": "off",
      "@typescript-eslint/no-unnecessary-condition": ["error", { allowConstantLoopConditions: true }],
    },
  },
  {
    // Commands parse, call, report and exit.
    files: ["src/commands/**/*.ts"],
    rules: { "max-lines": ["error", { max: 80 }] },
  },
  {
    // Measuring code never prints; printing code never measures.
    files: ["src/{core,libsql,pool,monitor,bench,ping,watch,tune,stats,report}/**/*.ts"],
    rules: { "no-restricted-globals": ["error", ...printing] },
  },
  {
    files: ["**/*.js", "**/*.cjs"],
    languageOptions: {
      globals: {
        AbortController: "readonly",
        AbortSignal: "readonly",
        process: "readonly",
        console: "readonly",
        performance: "readonly",
        clearInterval: "readonly",
        clearTimeout: "readonly",
        setInterval: "readonly",
        setTimeout: "readonly",
        setImmediate: "readonly",
        URL: "readonly",
        module: "readonly",
        globalThis: "readonly",
        fetch: "readonly",
      },
    },
  },
  prettier,
);
