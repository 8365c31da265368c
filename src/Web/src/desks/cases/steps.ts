// The seven steps in their order; deciding a remedy leads from the sixth to the seventh.
export const sevenSteps = ["acknowledged", "heard", "expectation_set", "needs_confirmed", "options_offered", "acting", "closed"];

// How many of them are done: a remedy that waits for a second person has been offered and is not done yet.
export const stepsDone = (stage: string) => (stage === "proposed" ? sevenSteps.indexOf("acting") : sevenSteps.indexOf(stage) + 1);
