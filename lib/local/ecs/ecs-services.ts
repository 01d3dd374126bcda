import type { DeployedResource, ResourceChange, ServiceState } from '../emulator/follower';
import { LocalError } from '../local-error';
import { EcsService, type EcsServiceOptions } from './ecs-service';
import { serviceDefinition } from './service-definition';

/** What the services need. */
export interface EcsServicesProps extends Pick<EcsServiceOptions, 'registrar' | 'commands'> {
  /** Variables that every task gets, such as where the APIs of AWS are. */
  readonly environment: () => Readonly<Record<string, string>>;

  /** Told when what the API is to say of a service is otherwise than before. */
  readonly onState: (state: ServiceState) => void;
}

/** All ECS services: they follow what is deployed. */
export class EcsServices {
  private readonly taskDefinitions = new Map<string, DeployedResource>();
  private readonly services = new Map<string, EcsService>();
  private hasEnded = false;

  constructor(private readonly props: EcsServicesProps) {}

  /**
   * Follows a change, and waits until the service that it concerns is stable, or gone.
   *
   * @throws LocalError when it does not get there
   */
  async changed({ verb, resource, secrets }: ResourceChange): Promise<void> {
    if (resource.type === 'AWS::ECS::TaskDefinition') {
      if (verb === 'delete') {
        this.taskDefinitions.delete(resource.physicalId);
      } else {
        this.taskDefinitions.set(resource.physicalId, resource);
      }
    }
    if (resource.type === 'AWS::ECS::Service') {
      await (verb === 'delete' ? this.remove(resource) : this.apply(resource, secrets));
    }
  }

  /** Stops a task of whatever service, as `EcsService.stopTask`. */
  stopTask(id: string, reason: string): void {
    for (const service of this.services.values()) {
      service.stopTask(id, reason);
    }
  }

  /** Ends all tasks within a few seconds, whatever is under way. No other is started after that. */
  async end(): Promise<void> {
    this.hasEnded = true;
    await Promise.all([...this.services.values()].map((service) => service.end()));
    this.services.clear();
  }

  private async apply(resource: DeployedResource, secrets: ResourceChange['secrets']): Promise<void> {
    if (this.hasEnded) {
      throw new LocalError(`service ${resource.logicalId}: all has ended`);
    }
    const name = `${resource.properties.TaskDefinition}`;
    const taskDefinition = this.taskDefinitions.get(name);
    if (taskDefinition === undefined) {
      throw new LocalError(`service ${resource.logicalId}: got task definition ${name}, expected one that a stack has made`);
    }
    const definition = serviceDefinition(resource, taskDefinition, secrets);
    const known = this.services.get(resource.physicalId);
    const { registrar, commands, environment, onState } = this.props;
    const service = known ?? new EcsService(definition, { registrar, commands, environment: environment(), onState });
    this.services.set(resource.physicalId, service);
    try {
      await service.apply(definition);
    } catch (error) {
      // Whoever refuses a new service keeps nothing of it.
      if (known === undefined) {
        await this.remove(resource);
      }
      throw error;
    }
  }

  private async remove({ physicalId }: DeployedResource): Promise<void> {
    const service = this.services.get(physicalId);
    await service?.remove();
    this.services.delete(physicalId);
  }
}
