/** What is used of semver, which comes without types. */
declare module 'semver' {
  const semver: {
    satisfies(version: string, range: string): boolean;
    /** Null where it is no range. */
    validRange(range: string): string | null;
    /** Whether the version is above all of the range. */
    gtr(version: string, range: string): boolean;
  };
  export default semver;
}
