import { styleText } from 'node:util';
import { isLive, type Output } from './output';

/** The colours and weights in which text is shown. */
export type Colour = 'red' | 'green' | 'yellow' | 'blue' | 'magenta' | 'bold' | 'dim';

/** Shows a text in a colour, or leaves it as it is where there are no colours. */
export type Paint = (colour: Colour, text: string) => string;

const plain: Paint = (_, text) => text;

/**
 * How text is painted on an output.
 *
 * `FORCE_COLOR` asks for colours anywhere (`0` and `false`: for none), `NO_COLOR` for none; else a terminal has them.
 */
export function paintFor(output: Output, environment: NodeJS.ProcessEnv = process.env): Paint {
  const { FORCE_COLOR, NO_COLOR } = environment;
  const forced = FORCE_COLOR === undefined ? undefined : !['0', 'false'].includes(FORCE_COLOR);
  const coloured = forced ?? (isLive(output, environment) && !NO_COLOR);
  // Node's own choice differs from version to version, so it is made here. Before Node 20.12 there is no styleText.
  return coloured && styleText ? (colour, text) => styleText(colour, text, { validateStream: false }) : plain;
}
