/** What answers are followed by: in a file of its own, as a page is painted and connected without it. */

export { listed } from "../listed.js";
export { followed } from "./follow.js";
export { Lists } from "./lists.js";
