// The seven steps in their order; deciding a remedy leads from the sixth to the seventh.
export const sevenSteps = ["acknowledged", "heard", "expectation_set", "needs_confirmed", "options_offered", "acting", "closed"];

// The stages of a regress in their order: before, during, after.
export const playbook = ["watch", "incident_room", "facts_stated", "measures", "recovery", "following_up", "closed"];

// Where a regress stands in it: a plan that waits for a second person is made and not followed up yet.
export const playbookAt = (stage: string) => playbook.indexOf(stage === "proposed" ? "recovery" : stage);

// How many of them are done: a remedy that waits for a second person has been offered and is not done yet.
export const stepsDone = (stage: string) => (stage === "proposed" ? sevenSteps.indexOf("acting") : sevenSteps.indexOf(stage) + 1);
