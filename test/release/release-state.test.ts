import { releaseStateOf } from '../../lib/release/release-state';

test.each([
  [{ blue: { weight: 75 }, green: { weight: 25 } }, [true, 75, true, 25]],
  [{ blue: { weight: '75' }, green: { weight: '0' } }, [true, 75, true, 0]],
  [{ green: { weight: 1 } }, [false, 0, true, 1]],
  [{ blue: { weight: 0 }, green: undefined }, [true, 0, false, 0]],
])('what the flags said when %j was deployed', (slots, [blueActive, blueWeight, greenActive, greenWeight]) => {
  expect(releaseStateOf({ slots })).toEqual({
    blue: { active: blueActive, weight: blueWeight },
    green: { active: greenActive, weight: greenWeight },
  });
});
