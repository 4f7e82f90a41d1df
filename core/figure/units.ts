export const mmPerInch = 25.4;

/** Millimetres in one typographic point (1/72 inch). */
const mmPerPt = mmPerInch / 72;

export const mmOf = (pt: number): number => pt * mmPerPt;
export const ptOf = (mm: number): number => mm / mmPerPt;
