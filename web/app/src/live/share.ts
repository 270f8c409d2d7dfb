/** Of all visits, those that are measured: apart from what measures, which is loaded later, and for them alone. */
export const SHARE = 0.05;
