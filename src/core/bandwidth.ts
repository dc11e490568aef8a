import { TursoPoolError } from "./errors.js";

/** Bits per second; prefixes are decimal, as everywhere in networking. */
const UNITS: Readonly<Record<string, number>> = { kbit: 1e3, mbit: 1e6, gbit: 1e9 };

/**
 * Reads `512kbit`, `10mbit` or `1gbit` (per second) as bytes per second.
 *
 * Bits only: with bytes next to them, one letter's case would be a factor of eight.
 * @throws {TursoPoolError} `INVALID_OPTION`, with the fix in the message.
 */
export function parseBandwidth(text: string, option: string): number {
  const trimmed = text.trim();
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(kbit|mbit|gbit)$/i.exec(trimmed) ?? [];
  const bits = Number(amount) * (UNITS[unit?.toLowerCase() ?? ""] ?? NaN);
  if (bits >= 8) return bits / 8;
  throw new TursoPoolError("INVALID_OPTION", `${option}: ${JSON.stringify(text)} is not ${fixOf(trimmed)}`);
}

function fixOf(text: string): string {
  if (/^\d+(\.\d+)?$/.test(text)) return `a bandwidth with a unit: write ${text}kbit or ${text}mbit`;
  const [, amount, prefix] = /^(\d+(?:\.\d+)?)([kmg])b(?:\/s|ps)?$/i.exec(text) ?? [];
  if (amount !== undefined && prefix !== undefined) {
    const unit = `${prefix.toLowerCase()}bit`;
    return `a bandwidth in bits: write ${Number(amount) * 8}${unit} for so many bytes, ${amount}${unit} for so many bits`;
  }
  return "a bandwidth such as 512kbit, 10mbit or 1gbit, in bits per second";
}

/** Writes bytes per second the way {@link parseBandwidth} reads them. */
export function formatBandwidth(bytesPerSecond: number): string {
  const bits = bytesPerSecond * 8;
  for (const unit of ["gbit", "mbit"] as const) {
    const size = UNITS[unit] ?? 1;
    if (bits >= size) return `${bits / size}${unit}`;
  }
  return `${bits / 1e3}kbit`;
}
