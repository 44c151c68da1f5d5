// Stands in for @rjsf/validator-ajv8, which the form library imports for a helper of its own tests. That validator
// compiles schemas to code, which the console's Content-Security-Policy forbids; forms have ./validator.ts.
export default undefined;
