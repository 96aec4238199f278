import fc from "fast-check";
import { changes, polyglot } from "./bytes.ts";
import { bareHeaders, informedChanges, soundChecksums, swarm } from "./containers.ts";
import { photos } from "./photos.ts";
/** Hostile pictures: real ones changed with and without knowledge of their format, polyglots, and plain noise. */
export async function pictures() {
    const files = fc.constantFrom(...(await photos()), ...bareHeaders);
    const changed = fc.tuple(files, changes).map(([file, change]) => change(file));
    return fc.oneof({ arbitrary: changed, weight: 5 }, { arbitrary: changed.map(soundChecksums), weight: 3 }, { arbitrary: fc.tuple(files, informedChanges).map(([file, change]) => change(file)), weight: 5 }, {
        arbitrary: fc
            .tuple(files, informedChanges, changes)
            .map(([file, informed, blind]) => soundChecksums(blind(informed(file)))),
        weight: 3,
    }, { arbitrary: polyglot(files), weight: 2 }, { arbitrary: fc.uint8Array({ maxLength: 200 }), weight: 1 });
}
/** The same, and now and then a file of megabytes: for readers of headers, which must not care. */
export async function headers() {
    return fc.oneof({ arbitrary: await pictures(), weight: 39 }, { arbitrary: swarm, weight: 1 });
}
