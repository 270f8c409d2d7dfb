/** What answers are followed by: in a file of its own, as it is not needed before the first of them is asked for. */

export { listed } from "../listed.js";
export { followed } from "./follow.js";
export { Lists } from "./lists.js";
