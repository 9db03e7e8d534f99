import { describe, expect, it } from 'vitest';
import { parseInteger, parseNumber } from './csv-number.ts';

describe('parseNumber', () => {
  it.each([
    ['0', 0],
    ['-0.5', -0.5],
    ['.5', 0.5],
    ['1e3', 1000],
    ['-2.5E-3', -0.0025],
    ['9007199254740991', Number.MAX_SAFE_INTEGER],
    ['0.1', 0.1],
    ['1e300', 1e300],
    ['0e5', 0],
  ])('reads %s as the number it spells', (text, value) => {
    expect(parseNumber(text)).toBe(value);
  });

  it.each(['00123', '-007', '01.5'])('refuses %s, whose leading zeros a number would lose', (text) => {
    expect(parseNumber(text)).toMatch(/leading zeros.*'text'/);
  });

  it.each([
    '9007199254740992',
    '9007199254740993',
    '-9007199254740993',
    '12345678901234567890',
    '9007199254740993e2',
    '9007199254740993.5',
  ])('refuses %s, which float64 would round to a neighbour', (text) => {
    expect(parseNumber(text)).toMatch(/2\^53/);
  });

  it('refuses overflow and underflow', () => {
    expect(parseNumber('1e999')).toMatch(/too large/);
    expect(parseNumber('-1e999')).toMatch(/too large/);
    expect(parseNumber('1e-999')).toMatch(/too small/);
  });

  it.each([
    '0x10',
    '0b1',
    '1_000',
    '+5',
    '5.',
    '1,234',
    'NaN',
    'Infinity',
    '-',
    '',
    '1e',
    'e5',
    '1 2',
    '１２',
    '12%',
    '$5',
  ])('refuses %j, which Number or parseFloat might take for something', (text) => {
    expect(parseNumber(text)).toMatch(/is not a number/);
  });

  it('tells a decimal comma from other text', () => {
    expect(parseNumber('1.234,50')).toMatch(/decimals with a point/);
    expect(parseNumber('3,5')).toMatch(/decimals with a point/);
  });
});

describe('parseInteger', () => {
  it('takes whole numbers only', () => {
    expect(parseInteger('-42')).toBe(-42);
    expect(parseInteger('1.0')).toMatch(/whole number/);
    expect(parseInteger('1e3')).toMatch(/whole number/);
    expect(parseInteger('007')).toMatch(/leading zeros/);
  });
});
