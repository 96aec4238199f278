import { DurableObject } from "cloudflare:workers";
import { isFinal } from "../../../shared/edit.ts";
import type { ProvenanceChoice } from "../../../shared/gpu.ts";
import type { Id } from "../../../shared/ids.ts";
import type { UsageDay } from "../../../shared/usage.ts";
import { type Env, settingsOf } from "../env.ts";
import { AccountRoom } from "../limits/account-room.ts";
import { backlogOf } from "../limits/backlog.ts";
import { windowOf } from "../limits/expected-wait.ts";
import { PublishedShare } from "../limits/published-share.ts";
import { maskKey, openMaskCache } from "../masks/cache.ts";
import { editPoint } from "../metrics/points.ts";
import { writePoint } from "../metrics/write.ts";
import type {
  ClaimOutcome,
  CreateAllOutcome,
  CreateOutcome,
  EditRow,
  FailOutcome,
  NewEdit,
  Refused,
  Run,
  RunError,
  RunNews,
  RunResult,
} from "./contract/edits.ts";
import type { IdempotencyState } from "./contract/idempotency.ts";
import type { CachedMask, DerivedMask, ImageRow, Locating, MaskOrder, MaskTurn } from "./contract/images.ts";
import type {
  Authenticated,
  Balance,
  Credential,
  KeyRow,
  NewCredits,
  NewKey,
  Reversal,
  TokenUse,
} from "./contract/keys.ts";
import type { OwnEdits } from "./contract/limits.ts";
import type { EditNews, EditPage, EditQuery } from "./contract/reading.ts";
import type { AccountRpc } from "./contract/rpc.ts";
import type { TokenState } from "./contract/tokens.ts";
import { Deliveries } from "./outbox/deliveries.ts";
import { reportingOf, sendEntries } from "./outbox/send.ts";
import { acceptAll, acceptEdit, NotAcceptedError, refusalOf } from "./rules/acceptance.ts";
import { Alarm } from "./rules/alarm.ts";
import { serveDue } from "./rules/due.ts";
import { Edits } from "./rules/edits.ts";
import { Effects } from "./rules/effects.ts";
import { Erasure } from "./rules/erasure.ts";
import { EventLog } from "./rules/event-log.ts";
import { KEPT_MS, stateOf } from "./rules/idempotency.ts";
import { archiveLedger } from "./rules/ledger-archive.ts";
import { LocatingMasks } from "./rules/locating.ts";
import { MaskTurns } from "./rules/mask-turns.ts";
import { hasScope, passes } from "./rules/passes.ts";
import { enterCredits, reverse } from "./rules/payments.ts";
import { Rates } from "./rules/rates.ts";
import { Waiters } from "./rules/waiters.ts";
import { Watchers } from "./rules/watchers.ts";
import { migrate } from "./tables/schema.ts";
import { openTables, type Tables } from "./tables/tables.ts";

type EditId = Id<"edit">;

const WAIT_MAX_MS = 60_000;

/**
 * One account: its ledger, keys, idempotency records, images and edits in SQLite, and one alarm for everything that
 * falls due. Every method is one transaction; its effects outside (a queue message, a waiting request) follow after it.
 */
export class Account extends DurableObject<Env> implements AccountRpc {
  readonly #tables: Tables;
  readonly #edits: Edits;
  readonly #deliveries: Deliveries;
  readonly #erasure: Erasure;
  readonly #waiters = new Waiters();
  readonly #log = new EventLog();
  readonly #locating = new LocatingMasks();
  readonly #rates = new Rates(() => ({
    requests: settingsOf(this.env).ACCOUNT_REQUESTS_A_MINUTE,
    edits: settingsOf(this.env).ACCOUNT_EDITS_A_MINUTE,
  }));
  readonly #maskTurns = new MaskTurns();
  readonly #watchers = new Watchers((edit, after) => this.#news(edit, after));
  readonly #room: AccountRoom;
  readonly #share: PublishedShare;
  readonly #alarm: Alarm;
  readonly #effects = new Effects((at) => this.#alarm.editDue(at));

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#tables = openTables(ctx.storage.sql);
    const reporting = () => reportingOf(settingsOf(env));
    this.#edits = new Edits(
      this.#tables,
      this.#log,
      reporting,
      () => windowOf(settingsOf(env).GPU_CONTAINERS),
      this.#effects,
    );
    this.#room = new AccountRoom(settingsOf(env).ACCOUNT_EDITS_UNFINISHED);
    this.#share = new PublishedShare(
      () => backlogOf(settingsOf(env)),
      () => ({
        account: this.#tables.account.get().id,
        ...this.#tables.waiting.unfinished(),
        msPerCredit: this.#tables.waiting.msPerCredit(),
      }),
      () => this.#tables.waiting.unfinished().count > windowOf(settingsOf(env).GPU_CONTAINERS),
    );
    this.#erasure = new Erasure({
      tables: this.#tables,
      edits: this.#edits,
      images: env.IMAGES,
      settings: () => settingsOf(env),
      cache: () => openMaskCache(settingsOf(env)),
      change: (step) => this.#change(step),
    });
    this.#deliveries = new Deliveries({
      outbox: this.#tables.outbox,
      change: (step) => this.#change(step),
      keepAlive: (work) => ctx.waitUntil(work),
      send: (rows) =>
        sendEntries({ settings: settingsOf(env), tables: this.#tables, edit: (id) => this.edit(id) }, rows),
    });
    const { due, edits, images } = this.#tables;
    this.#alarm = new Alarm({
      storage: ctx.storage,
      expiries: () => [edits.nextExpiry(), images.nextExpiry()],
      others: (now) => [due.earliest(), this.#deliveries.nextAt(now)],
      keepAlive: (work) => ctx.waitUntil(work),
    });
    ctx.blockConcurrencyWhile(async () => {
      migrate(ctx.storage);
      await this.#alarm.restore(() => edits.anyOpen());
    });
  }

  async open({ id, name }: { id: Id<"acct">; name: string }): Promise<{ name: string; createdAt: number }> {
    return this.#change((now) => this.#tables.account.open(id, name, now));
  }

  async setProvenance(choice: ProvenanceChoice): Promise<boolean> {
    return this.#change(() => this.#tables.account.setProvenance(choice));
  }

  async addKey(key: NewKey): Promise<KeyRow> {
    return this.#change((now) => this.#tables.keys.add(key, now));
  }

  async revokeKey(id: Id<"key">): Promise<boolean> {
    return this.#change((now) => this.#tables.keys.revoke(id, now));
  }

  async authenticate({ id, secretSha256, scope, limits }: Credential): Promise<Authenticated | null> {
    // nothing falls due by it, and it writes one statement at most: no transaction
    const now = Date.now();
    const key = this.#tables.keys.authenticate(id, secretSha256, now);
    if (key === null) return null;
    return { key, quotas: this.#rates.request(id, key.limits, limits, hasScope(key, scope), now) };
  }

  async giveBackRequest(tookMs: number): Promise<void> {
    const now = Date.now();
    this.#rates.giveBack(now - tookMs, now);
  }

  async tokenState({
    id,
    key: signer,
    limits,
  }: Parameters<AccountRpc["tokenState"]>[0]): Promise<TokenState> {
    const key = this.#tables.keys.find(signer);
    return {
      key,
      quotas: key === null ? [] : this.#rates.request(`token:${id}`, key.limits, limits, true, Date.now()),
      uses: this.#tables.tokenUses.uses(id),
      edit: this.#edits.madeWith(id, Date.now()),
    };
  }

  async useToken(use: TokenUse): Promise<boolean> {
    return this.#change((now) => this.#tables.tokenUses.take(use, now));
  }

  async addCredits(entry: NewCredits): Promise<Balance | null> {
    return this.#change((now) => {
      const { id, name } = this.#tables.account.get();
      if (entry.customer) this.#tables.stripeCustomer.keep(entry.customer);
      if (!enterCredits(this.#tables, entry, now)) return null;
      return { id, name, ...this.#balance() };
    });
  }

  async reversePayment(reversal: Reversal): Promise<boolean> {
    return this.#change((now) => reverse(this.#tables, reversal, now));
  }

  async summary(): Promise<Balance | null> {
    const account = this.#tables.account.find();
    return account === null ? null : { ...account, ...this.#balance() };
  }

  async webhookSecret(): Promise<string> {
    return this.#change((now) => this.#tables.webhookSecrets.current(now));
  }

  async rotateWebhookSecret(): Promise<string> {
    return this.#change((now) => this.#tables.webhookSecrets.rotate(now));
  }

  async beginIdempotent(request: { key: string; fingerprint: string }): Promise<IdempotencyState> {
    return this.#change((now) => {
      const { idempotency, due } = this.#tables;
      const state = stateOf(idempotency.find(request.key), request.fingerprint, now);
      if (state.state === "new") {
        idempotency.claim(request.key, request.fingerprint, now);
        due.setIfAbsent("idempotency", now + KEPT_MS);
      }
      return state;
    });
  }

  async completeIdempotent(record: {
    key: string;
    status: number;
    value: unknown;
    subject?: string;
  }): Promise<void> {
    this.#change(() =>
      this.#tables.idempotency.complete(record.key, record.status, record.value, record.subject ?? null),
    );
  }

  async releaseIdempotent(key: string): Promise<void> {
    this.#change(() => this.#tables.idempotency.release(key));
  }

  async addImage(image: ImageRow): Promise<void> {
    this.#change(() => this.#addImage(image));
  }

  async addUpload(image: ImageRow, use: TokenUse): Promise<boolean> {
    return this.#change((now) => {
      if (!this.#tables.tokenUses.take(use, now)) return false;
      this.#addImage(image);
      return true;
    });
  }

  async image(id: Id<"img">): Promise<ImageRow | null> {
    const image = this.#tables.images.find(id);
    return image !== null && Date.now() < image.expiresAt ? image : null;
  }

  async createEdit(edit: NewEdit): Promise<CreateOutcome> {
    const retentionMs = settingsOf(this.env).RETENTION_HOURS * 3_600_000;
    const known = await this.#unlessLocated(edit);
    return this.#change((now) => acceptEdit(this.#accepting(), known, retentionMs, now));
  }

  async createEditWith(credential: Credential, edit: NewEdit) {
    const authenticated = await this.authenticate(credential);
    const passed = authenticated !== null && passes(authenticated, credential.scope);
    return { authenticated, outcome: passed ? await this.createEdit(edit) : null };
  }

  async createEdits(
    edits: readonly NewEdit[],
    idempotencyKey: string | null,
    own?: OwnEdits,
  ): Promise<CreateAllOutcome> {
    const retentionMs = settingsOf(this.env).RETENTION_HOURS * 3_600_000;
    const context = this.#accepting();
    const known = await Promise.all(edits.map((edit) => this.#unlessLocated(edit)));
    try {
      const accepted = this.#change((now) =>
        acceptAll(context, known, { idempotencyKey, retentionMs, own }, now),
      );
      return "outcome" in accepted ? accepted : { outcome: "all_created", edits: accepted };
    } catch (error) {
      if (error instanceof NotAcceptedError) return error.refused;
      throw error;
    }
  }

  async refusalOf(edit: Pick<NewEdit, "credits" | "overrunMs">): Promise<Refused | null> {
    return refusalOf(this.#accepting(), edit, Date.now());
  }

  async edit(id: EditId): Promise<EditRow | null> {
    return this.#edits.find(id, Date.now());
  }

  async waitForEdit(id: EditId, ms: number): Promise<EditRow | null> {
    const edit = this.#edits.find(id, Date.now());
    if (edit === null || isFinal(edit) || ms <= 0) return edit;
    await this.#waiters.wait(id, Math.min(ms, WAIT_MAX_MS));
    return this.#edits.find(id, Date.now());
  }

  async cancelEdit(id: EditId): Promise<EditRow | null> {
    return this.#change((now) => this.#edits.cancel(id, now));
  }

  async claim(id: EditId): Promise<ClaimOutcome> {
    return this.#change((now) => this.#edits.claim(id, now));
  }

  async report(run: Run, news: RunNews): Promise<{ proceed: boolean }> {
    // neither a due time nor the alarm moves with it, and it writes one statement at most: no transaction
    const { result, caused } = this.#effects.collect(() => this.#edits.report(run, news, Date.now()));
    for (const id of caused.news) this.#watchers.notify(id);
    return result;
  }

  async succeed(run: Run, result: RunResult): Promise<boolean> {
    return this.#change((now) => this.#edits.succeed(run, result, now));
  }

  async fail(run: Run, error: RunError): Promise<FailOutcome> {
    return this.#change((now) => this.#edits.fail(run, error, now));
  }

  async yieldClaim(run: Run, delaySeconds: number): Promise<void> {
    this.#change((now) => this.#edits.giveBack(run, delaySeconds, now));
  }

  async settleDead(id: EditId): Promise<void> {
    this.#change((now) => this.#edits.giveUp(id, now));
  }

  async listEdits(query: EditQuery): Promise<EditPage> {
    return this.#edits.page(query, Date.now());
  }

  async editNews(id: EditId, who: string, after: number, ms: number): Promise<EditNews | "crowded" | null> {
    const news = this.#news(id, after);
    if (news === null || news.happenings.length > 0 || isFinal(news.edit)) return news;
    if (this.#watchers.full(id, who)) return "crowded";
    return ms <= 0 ? news : this.#watchers.watch(id, who, after, Math.min(ms, WAIT_MAX_MS));
  }

  async beginLocating(cacheKey: string, ms: number): Promise<Locating> {
    return this.#locating.begin(cacheKey, Math.min(ms, WAIT_MAX_MS));
  }

  async endLocating(cacheKey: string, mask: CachedMask | null): Promise<void> {
    this.#locating.end(cacheKey, mask);
  }

  async takeMaskTurn({ own, token }: MaskOrder, ms: number): Promise<MaskTurn> {
    const refused = this.#change((now): MaskTurn | null => {
      if (this.#tables.ledger.totals().available <= 0) return { outcome: "no_credits" };
      if (token !== null && !this.#tables.tokenUses.has(token)) return { outcome: "token_used_up" };
      const quota = this.#rates.edits(1, own, now);
      if (quota !== null) return { outcome: "over_limit", quota };
      if (token !== null) this.#tables.tokenUses.take(token, now);
      return null;
    });
    if (refused !== null) return refused;
    return { outcome: (await this.#maskTurns.take(Math.min(ms, WAIT_MAX_MS))) ? "turn" : "no_turn" };
  }

  async endMaskTurn(gpuMs: number): Promise<void> {
    this.#maskTurns.release(gpuMs);
    this.#change((now) => this.#tables.usage.addMask(gpuMs, now));
  }

  async usage(from: string, to: string): Promise<UsageDay[]> {
    return this.#tables.usage.between(from, to);
  }

  async eraseEdit(id: EditId): Promise<boolean> {
    return this.#erasure.edit(id);
  }

  async eraseImage(id: Id<"img">): Promise<boolean> {
    return this.#erasure.image(id);
  }

  async expectMasks(photo: Id<"img">, masks: readonly DerivedMask[], until: number): Promise<number | null> {
    return this.#change((now) => this.#erasure.expect(photo, masks, until, now));
  }

  async expectPhoto(): Promise<string> {
    return this.#change((now) => this.#erasure.expectPhoto(now));
  }

  async addMask(image: ImageRow): Promise<boolean> {
    return this.#change(() => {
      if (this.#tables.masks.ofImage(image.id).length === 0) return false;
      this.#tables.images.add(image);
      return true;
    });
  }

  override async alarm(): Promise<void> {
    this.#alarm.begin();
    try {
      await serveDue({
        tables: this.#tables,
        edits: this.#edits,
        erasure: this.#erasure,
        change: (step) => this.#change(step),
        archive: () =>
          archiveLedger(
            { tables: this.#tables, bucket: this.env.IMAGES, change: (step) => this.#change(step) },
            Date.now(),
          ),
        deliver: () => this.#deliveries.start(),
      });
    } finally {
      this.#alarm.end(this.#erasure.more);
    }
  }

  #accepting() {
    return { tables: this.#tables, edits: this.#edits, room: this.#room, rates: this.#rates };
  }

  /** An unseen edit is as good as seen if the same was located on its photo before, or is being located. */
  async #unlessLocated(edit: NewEdit): Promise<NewEdit> {
    const { image, mask, locate, face } = edit.input;
    if (!edit.unseen || mask !== "auto") return edit;
    const photo = typeof image === "string" ? this.#tables.images.find(image) : image;
    if (photo === null) return edit;
    const { id } = this.#tables.account.get();
    const name = await maskKey(settingsOf(this.env), id, photo.sha256, locate, { face });
    return this.#tables.masks.has(photo.sha256, name) ? { ...edit, unseen: false } : edit;
  }

  #addImage(image: ImageRow): void {
    const { images, due } = this.#tables;
    images.add(image);
    // stored while the previous version expected each photo by a row of its own
    due.remove(image.key);
  }

  #balance(): Pick<Balance, "balance" | "held"> {
    const { available, held } = this.#tables.ledger.totals();
    return { balance: available, held };
  }

  /** Runs one transaction, then its effects outside. */
  #change<T>(step: (now: number) => T): T {
    const { result, caused } = this.#effects.collect(() => this.#transaction(step));
    for (const id of caused.final) {
      this.#waiters.notify(id);
      this.#measure(id);
      this.#room.ended(Date.now());
    }
    for (const id of caused.called) this.ctx.waitUntil(this.#send(id));
    if (caused.loaded) this.ctx.waitUntil(this.#share.publish());
    for (const id of caused.news) this.#watchers.notify(id);
    if (caused.final.length > 0) this.#deliveries.start();
    this.#alarm.set();
    return result;
  }

  #transaction<T>(step: (now: number) => T): T {
    try {
      return this.ctx.storage.transactionSync(() => step(Date.now()));
    } catch (error) {
      this.#tables.forget();
      throw error;
    }
  }

  /** Looking up an edit's place in line is a transaction too: a new place is news. */
  #news(id: EditId, after: number): EditNews | null {
    return this.#transaction((now) => this.#edits.news(id, after, now));
  }

  #measure(id: EditId): void {
    const edit = this.#edits.find(id, Date.now());
    if (edit !== null) writePoint(this.env, editPoint(edit));
  }

  #queue(edit: EditId): Promise<unknown> {
    return this.env.EDITS.send({ account: this.#tables.account.get().id, edit });
  }

  /** The fast path of the outbox: if the queue refuses the message, the alarm sends it again. */
  async #send(edit: EditId): Promise<void> {
    try {
      await this.#queue(edit);
    } catch (error) {
      console.error(JSON.stringify({ event: "queue_send_failed", edit, error: String(error) }));
    }
  }
}
