import { describe, expect, test } from 'vitest';
import { addressOf, roleOfAddress } from '../../../src/ops/access/identity.ts';

describe('an address', () => {
  test.each([
    ['ana@example.com', 'ana@example.com'],
    [' Ana@Example.COM ', 'ana@example.com'],
    ['accounts.google.com:ana@example.com', 'ana@example.com'],
    ["o'brien+bi@mail.example.com", "o'brien+bi@mail.example.com"],
  ])('is read from %s', (text, address) => {
    expect(addressOf(text)).toBe(address);
  });

  test.each([
    '',
    'ana',
    '@example.com',
    'ana@',
    'ana@example.com, rui@example.com',
    'ana@example.com,rui@example.com',
    'ana@example.com;rui@example.com',
    'Ana <ana@example.com>',
    'ana@evil.example@example.com',
    'a b@example.com',
    'anã@example.com',
    'securetoken.google.com/project:ana@example.com',
    `${'a'.repeat(250)}@example.com`,
  ])('is not read from %s', (text) => {
    expect(addressOf(text)).toBeNull();
  });
});

describe('the role of an address', () => {
  const people = {
    operator: ['ana@example.com'],
    analyst: ['*@dados.example.com'],
    viewer: ['*@example.com', 'ana@example.com'],
  };

  test.each([
    ['ana@example.com', 'operator'],
    ['rui@dados.example.com', 'analyst'],
    ['bia@example.com', 'viewer'],
    ['bia@other.example.com', null],
    ['bia@evilexample.com', null],
    ['anaxexample.com@elsewhere.example', null],
  ])('of %s is that of the highest matching pattern: %s', (address, role) => {
    expect(roleOfAddress(address, people)).toBe(role);
  });
});
