import { configure } from "@testing-library/dom";

// What comes at once on an idle machine: how busy this one is, no test says. Nor does the whole page say what one lacks.
configure({ asyncUtilTimeout: 60_000, getElementError: (message) => new Error(message ?? "") });
