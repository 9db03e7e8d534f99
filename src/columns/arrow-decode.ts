import { fail } from '../errors.ts';
import { WHY } from '../model/batch.ts';
import { allFinite } from './all-finite.ts';
import { type ArrowType, type BigArray, type Chunk, type NumberArray, TYPE, typeName } from './arrow-shape.ts';

/** Decodes `chunk[from … from + count)` to `out[at …)`; marks cells that have no number in `why`. True when there is none. */
export type Decode = (
  chunk: Chunk,
  from: number,
  count: number,
  out: Float64Array,
  why: Uint8Array,
  at: number,
) => boolean;

const DAY_MS = 86_400_000;
/** Units of a day by `TimeUnit`: seconds, milliseconds, microseconds, nanoseconds. */
const PER_DAY = [86_400, DAY_MS, 86_400_000_000, 86_400_000_000_000];

/** How many cells the chunk's buffer holds; fewer than `length` where writers left out values of null cells. */
export function cellsIn(chunk: Chunk, type: ArrowType): number {
  const { values } = chunk;
  if (!values || type.typeId === TYPE.null) return 0;
  if (type.typeId === TYPE.bool) return values.length * 8 - (chunk.offset ?? 0);
  if (type.typeId === TYPE.decimal) return (values.byteLength * 8) / (type.bitWidth ?? 128);
  return values.length;
}

/** How numbers of a type are decoded. Dates and timestamps give whole UTC days since 1970-01-01, rounded down. */
export function decoder(type: ArrowType, name: string): Decode {
  switch (type.typeId) {
    case TYPE.null:
      return nulls;
    case TYPE.bool:
      return bools;
    case TYPE.float:
      return type.precision === 0 ? halves : floats;
    case TYPE.int:
      return type.bitWidth === 64 ? wide(type.isSigned ?? type.signed ?? true) : integers;
    case TYPE.date:
      return type.unit === 0 ? integers : days(DAY_MS);
    case TYPE.timestamp:
      return days(PER_DAY[type.unit ?? 1]!);
    case TYPE.decimal:
      return decimals((type.bitWidth ?? 128) / 32, type.scale ?? 0);
    default:
      return fail(
        'wrong-type',
        `column "${name}" is of Arrow type ${typeName(type)} where numbers are needed: cast it to a number first`,
      );
  }
}

/** A column of type Null has no cells to decode. */
const nulls: Decode = () => true;

const bools: Decode = (chunk, from, count, out, _why, at) => {
  const bits = chunk.values as Uint8Array;
  const first = (chunk.offset ?? 0) + from;
  for (let i = 0; i < count; i++) out[at + i] = (bits[(first + i) >> 3]! >> ((first + i) & 7)) & 1;
  return true;
};

const integers: Decode = (chunk, from, count, out, _why, at) => {
  out.set((chunk.values as NumberArray).subarray(from, from + count), at);
  return true;
};

const floats: Decode = (chunk, from, count, out, why, at) => {
  out.set((chunk.values as NumberArray).subarray(from, from + count), at);
  return markNotFinite(out, why, at, count);
};

const halves: Decode = (chunk, from, count, out, why, at) => {
  const values = chunk.values as NumberArray;
  // Engines with a Float16Array may hold the numbers themselves.
  if (values[Symbol.toStringTag] !== 'Uint16Array') return floats(chunk, from, count, out, why, at);
  for (let i = 0; i < count; i++) {
    const bits = values[from + i]!;
    const exponent = (bits >> 10) & 31;
    const fraction = bits & 1023;
    const size =
      exponent === 31
        ? Number.POSITIVE_INFINITY
        : exponent === 0
          ? fraction / 16_777_216
          : ((1024 + fraction) * (1 << exponent)) / 33_554_432;
    out[at + i] = bits >= 32_768 ? -size : size;
  }
  return markNotFinite(out, why, at, count);
};

function markNotFinite(out: Float64Array, why: Uint8Array, at: number, count: number): boolean {
  if (allFinite(out, at, count)) return true;
  let clean = true;
  for (let i = at; i < at + count; i++)
    if (!Number.isFinite(out[i]!)) {
      why[i] = WHY.notFinite;
      clean = false;
    }
  return clean;
}

/** 64-bit integers; one beyond ±(2⁵³ − 1) has no exact double, and is null rather than a neighbour. */
function wide(signed: boolean): Decode {
  return (chunk, from, count, out, why, at) => {
    const halves = words(chunk.values as BigArray);
    let clean = true;
    for (let i = 0; i < count; i++) {
      const value = join(halves, (from + i) * 2, signed);
      out[at + i] = value;
      if (value > Number.MAX_SAFE_INTEGER || value < -Number.MAX_SAFE_INTEGER) {
        why[at + i] = WHY.outOfRange;
        clean = false;
      }
    }
    return clean;
  };
}

function days(perDay: number): Decode {
  const big = BigInt(perDay);
  return (chunk, from, count, out, _why, at) => {
    const values = chunk.values as BigArray;
    const halves = words(values);
    for (let i = 0; i < count; i++) {
      const time = join(halves, (from + i) * 2, true);
      // The quotient of exact doubles is correctly rounded, and never up to the next whole day.
      if (Number.isSafeInteger(time)) out[at + i] = Math.floor(time / perDay);
      else {
        const exact = values[from + i]!;
        out[at + i] = Number(exact / big - (exact % big < 0n ? 1n : 0n));
      }
    }
    return true;
  };
}

/** Reading 64-bit values as two halves makes no BigInt per cell. */
function words(values: NumberArray | BigArray): Uint32Array {
  return new Uint32Array(values.buffer, values.byteOffset, values.byteLength / 4);
}

function join(halves: Uint32Array, at: number, signed: boolean): number {
  const high = halves[at + 1]!;
  return (signed ? high | 0 : high) * 4_294_967_296 + halves[at]!;
}

/** value / 10^scale, correctly rounded: one division of exact doubles where both are, else by way of decimal text. */
function decimals(limbs: number, scale: number): Decode {
  const exactPower = Math.abs(scale) <= 22 ? Number(`1e${Math.abs(scale)}`) : 0;
  return (chunk, from, count, out, _why, at) => {
    const all = words(chunk.values!);
    for (let i = 0; i < count; i++) {
      const first = (from + i) * limbs;
      const small = smallDecimal(all, first, limbs);
      if (Number.isSafeInteger(small) && exactPower > 0)
        out[at + i] = scale < 0 ? small * exactPower : small / exactPower;
      else out[at + i] = Number(`${bigDecimal(all, first, limbs)}e${-scale}`);
    }
    return true;
  };
}

/** The unscaled value when its upper limbs only repeat the sign, else NaN. */
function smallDecimal(all: Uint32Array, first: number, limbs: number): number {
  if (limbs === 1) return all[first]! | 0;
  const high = all[first + 1]! | 0;
  for (let k = 2; k < limbs; k++) if ((all[first + k]! | 0) !== high >> 31) return Number.NaN;
  return high * 4_294_967_296 + all[first]!;
}

function bigDecimal(all: Uint32Array, first: number, limbs: number): bigint {
  let value = BigInt(all[first + limbs - 1]! | 0);
  for (let k = limbs - 2; k >= 0; k--) value = (value << 32n) | BigInt(all[first + k]!);
  return value;
}
