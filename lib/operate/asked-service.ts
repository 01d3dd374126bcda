/** Of which service a command speaks, and where it is declared. */
export interface AskedService {
  /** The folder of the CDK app, with `cdk.json` and `cdk.context.json`. */
  readonly folder: string;

  /** Context keys of the command line, as after `-c`: such as `stage` or `appName`. Never the state of the slots. */
  readonly context: Readonly<Record<string, string>>;

  /** The stage, where there are stages. */
  readonly stage: string | undefined;

  /** Name of the stack of the service. */
  readonly stackName: string;

  /**
   * Whether its name was given with `--stack`: the files may speak of another one then.
   *
   * @default false
   */
  readonly isStackNamed?: boolean;
}
