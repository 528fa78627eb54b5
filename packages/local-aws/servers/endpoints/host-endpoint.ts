import { type Admission, type ClientRoles, Endpoint, listen, type Target } from './endpoint.ts';

/**
 * The address of one server, as a client has it that keeps an old answer of the name server: it leads to the same server whatever its
 * names do. A security group is one of the server and not of a name, so here the same clients come in.
 */
export class HostEndpoint extends Endpoint {
  #admission: () => Admission = () => 'nobody';

  /**
   * @param admission whom the server's names admit now
   * @param roles that a closed endpoint may let through
   */
  static async of(server: Target, admission: () => Admission, roles?: ClientRoles): Promise<HostEndpoint> {
    const host = new HostEndpoint(await listen(), roles);
    host.#admission = admission;
    host.point(server);
    return host;
  }

  protected override admission(): Admission {
    return this.#admission();
  }
}
