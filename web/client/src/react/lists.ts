/** What lists are made of: in a file of its own, as it is not needed before the first one is asked for. */

export { ListView } from "./list-view.js";
export { listed } from "./listed.js";
