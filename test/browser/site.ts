import { ScaledClock } from '../../packages/local-aws/clock.ts';
import type { HttpServer } from '../../packages/local-aws/wire/endpoint.ts';
import type { Question } from '../approval/question.ts';
import { Stage, type Start } from '../approval/stage.ts';

/** The approval on a port of this machine, in real time. */
export class Site {
  readonly stage: Stage;
  readonly #server: HttpServer;
  readonly #runs: string[] = [];

  private constructor(stage: Stage, server: HttpServer) {
    this.stage = stage;
    this.#server = server;
  }

  static async open(): Promise<Site> {
    const stage = new Stage(new ScaledClock());
    const server = await stage.endpoint.listen(0);
    process.env.PAGE_URL = `${server.url}/approval`;
    return new Site(stage, server);
  }

  /** Starts a run and waits for its question. */
  async ask(
    start: Start = {},
    group?: string,
  ): Promise<{ run: string; question: Question; url: string; stopUrl: string; phrase: string }> {
    const run = this.stage.start(start);
    this.#runs.push(run);
    const question = await this.stage.question(run, group);
    return {
      run,
      question,
      url: this.urlOf(question.decideCode),
      stopUrl: this.urlOf(question.stopCode),
      phrase: String(question.json.typeToDecide),
    };
  }

  urlOf(code: string): string {
    return `${this.#server.url}/approval?${code}`;
  }

  async close(): Promise<void> {
    for (const run of this.#runs) if (this.stage.isRunning(run)) await this.stage.states.stopExecution(run);
    await this.#server.close();
    this.stage.close();
  }
}
