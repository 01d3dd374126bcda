import { benchCliSynth } from './cli-synth';
import { benchConstructSynth } from './construct-synth';

// The figures are for reading: a goal that is missed is shown, and fails nothing.
benchConstructSynth(9);
benchCliSynth(7);
