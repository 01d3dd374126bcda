import { numberInWords, shareInWords, shortened, timeInWords } from '../../lib/terminal/words';

test.each([
  [0, '0 %'],
  [0.0001, '<0.1 %'],
  [0.125, '12.5 %'],
  [0.99999, '>99.9 %'],
  [1, '100 %'],
])('share %d reads %s', (share, words) => expect(shareInWords(share)).toBe(words));

test.each([
  [0.04, '0 ms'],
  [8.26, '8.3 ms'],
  [345.6, '346 ms'],
  [1449, '1.4 s'],
  [125_000, '2 min 5 s'],
  [119_900, '2 min 0 s'],
])('%d milliseconds read %s', (milliseconds, words) => expect(timeInWords(milliseconds)).toBe(words));

test.each([
  [7, '7'],
  [12_500, '12\u202f500'],
  [1_000_000, '1\u202f000\u202f000'],
])('%d reads %s', (number, words) => expect(numberInWords(number)).toBe(words));

test.each([
  ['green at 0', 10, 'green at 0'],
  ['green at 0', 9, 'gree…at 0'],
  ['green at 0', 8, 'gree…t 0'],
  ['green at 0', 3, 'g…0'],
  ['green at 0', 2, 'g…'],
  ['green at 0', 1, '…'],
])('%s in %d characters reads %s', (text, most, words) => expect(shortened(text, most)).toBe(words));
