// What texts.mjs makes of `texts:<part>`.
declare module 'texts:*' {
  const texts: Record<string, Record<string, string>>;
  export default texts;
}
