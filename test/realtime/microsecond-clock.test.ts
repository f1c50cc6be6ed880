import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MicrosecondClock } from '../../src/realtime/microsecond-clock.ts';

describe('MicrosecondClock', () => {
  it('gives each call a later time, also within a millisecond and when the clock is set back', (t) => {
    t.mock.timers.enable({ apis: ['Date'], now: 1_000 });
    const clock = new MicrosecondClock();
    assert.deepEqual([clock.next(), clock.next()], [1_000_000n, 1_000_001n]);
    t.mock.timers.setTime(1_001);
    assert.equal(clock.next(), 1_001_000n);
    t.mock.timers.setTime(500);
    assert.equal(clock.next(), 1_001_001n);
  });
});
