/** The code answered, but with what it must never answer. */
export class Violation extends Error {
    name = "Violation";
}
/** @throws Violation where a rule does not hold */
export function must(holds, rule) {
    if (!holds)
        throw new Violation(rule);
}
/** What the code says by an error of its own; anything else goes through. */
export async function answerOf(read, isRefusal) {
    try {
        await read();
        return "accepted";
    }
    catch (error) {
        if (isRefusal(error))
            return "refused";
        throw error;
    }
}
