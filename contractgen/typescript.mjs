// Reads a JSON Schema from standard input, writes its TypeScript types to standard output, under the given comment.
import { text } from "node:stream/consumers";
import { compile } from "json-schema-to-typescript";

const schema = JSON.parse(await text(process.stdin));
process.stdout.write(
  await compile(schema, schema.title, {
    additionalProperties: false, // of what we answer it only means: there may be more, and it has no type
    bannerComment: `// ${process.argv[2]}`,
    ignoreMinAndMaxItems: true, // a list of up to 50 is a list, not a union of 50 tuples
    style: { printWidth: 120 },
  }),
);
