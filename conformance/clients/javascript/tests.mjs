// Tests of one program: test() runs them one after the other, done() ends with "N passed, N failed".
import assert from "node:assert/strict";

let passed = 0;
let failed = 0;

export async function test(name, body) {
    try {
        await body();
        passed++;
    } catch (error) {
        failed++;
        console.log(`FAILED ${name}`);
        console.log(error);
    }
}

// Asserts that a call fails with an error of this class or name and, where it is given, this text; returns the error.
export async function fails(call, kind, message) {
    const error = await call.then(
        () => assert.fail("it did not fail"),
        (thrown) => thrown,
    );
    if (typeof kind === "string") assert.equal(error.name, kind, error.message);
    else assert.ok(error instanceof kind, `${error.name}: ${error.message}`);
    if (message !== undefined) assert.equal(error.message, message);
    return error;
}

export async function collect(pages) {
    const all = [];
    for await (const page of pages) all.push(page);
    return all;
}

// How every client here reaches the server whose URL is the program's argument.
export const options = {
    endpoint: process.argv[2] ?? "http://127.0.0.1:8000",
    region: "us-east-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
    maxAttempts: 1,
};

export function done() {
    console.log(`${passed} passed, ${failed} failed`);
    process.exitCode = failed || !passed ? 1 : 0;
}
