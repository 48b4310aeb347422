// Tells the editor and svelte-check that TypeScript in components is read by Svelte itself.
export default { compilerOptions: { runes: true } };
