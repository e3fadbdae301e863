import { fold } from './fold';

test('every character folds as it does by its upper case, alone and between others', () => {
  const long = (text: string) => text.toUpperCase().toLowerCase().replaceAll('ς', 'σ');
  for (let point = 0; point <= 0xff_ff; point += 1) {
    const one = String.fromCharCode(point);
    if (fold(one) !== long(one) || fold(`aZ${one}Z\n`) !== long(`aZ${one}Z\n`))
      throw new Error(`U+${point.toString(16)}`);
  }
  expect([fold('K'), fold('ſ'), fold('ΟΔΟΣ')]).toEqual(['k', 's', 'οδοσ']);
});
