// Wherever a plugin lies, what it imports of Stillroom is this Stillroom: there is one SDK in a process.
const own = import.meta.url;

export function resolve(specifier, context, next) {
  return next(specifier, /^stillroom(\/|$)/.test(specifier) ? { ...context, parentURL: own } : context);
}
