/** The colour of a frame as documents have it, `#2f6fb7`; null where it has none, or one of another form. */
export const frameColour = (colour: string | undefined): string | null => (colour !== undefined && /^#[0-9a-f]{6}$/i.test(colour) ? colour : null);
