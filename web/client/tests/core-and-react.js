// What size-limit measures: an application that takes everything of both.
export * from "../dist/index.js";
export * from "../dist/react/index.js";
