/** What answers are followed by: in a file of its own, as a page is painted and connected without it. */

export { Lists } from "./lists.js";
