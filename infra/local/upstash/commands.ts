import { z } from "zod";

/**
 * Commands that the gateway forwards: data commands, and the few for health checks. Commands that change the connection
 * (SUBSCRIBE, SELECT, MULTI), block, or administer the server are refused, since all clients share one connection.
 */
const COMMANDS = new Set(
  [
    "append decr decrby get getdel getex getrange getset incr incrby incrbyfloat mget mset msetnx psetex set setex",
    "setnx setrange strlen",
    "copy del exists expire expireat persist pexpire pexpireat pexpiretime pttl rename renamenx scan touch ttl type",
    "unlink",
    "hdel hexists hget hgetall hincrby hincrbyfloat hkeys hlen hmget hmset hscan hset hsetnx hstrlen hvals",
    "lindex linsert llen lpop lpush lpushx lrange lrem lset ltrim rpop rpush rpushx",
    "sadd scard sdiff sinter sismember smembers smismember spop srandmember srem sscan sunion",
    "zadd zcard zcount zincrby zpopmax zpopmin zrange zrangebyscore zrank zrem zremrangebyrank zremrangebyscore",
    "zrevrange zrevrank zscan zscore",
    "dbsize echo flushdb ping time",
  ].flatMap((names) => names.split(" ")),
);

/** One command of Upstash's REST protocol: a JSON array of its name and arguments. */
export const commandSchema = z
  .tuple([z.string().max(32)], z.union([z.string(), z.number(), z.boolean()]))
  .transform(([name, ...args]): Command => uniform(name.toLowerCase(), args.map(String)));

export const pipelineSchema = z.array(commandSchema).min(1).max(1000);

/** Name in lower case, then arguments. */
export type Command = [name: string, ...args: string[]];

/** Redis reads SET's options in any case, ioredis-mock only in upper case. */
function uniform(name: string, args: string[]): Command {
  return name === "set"
    ? [name, ...args.map((arg, i) => (i < 2 ? arg : arg.toUpperCase()))]
    : [name, ...args];
}

/** What a Redis client must be able to do; ioredis and ioredis-mock can. */
export interface Store {
  multi(commands: Command[]): { exec(): Promise<[error: Error | null, result: unknown][] | null> };
}

/** The answer to one command. */
export type Reply = { readonly result: unknown } | { readonly error: string };

/** Runs one command. Errors of Redis, and a lost connection, are answers too. */
export async function runCommand(store: Store, [name, ...args]: Command): Promise<Reply> {
  const method: unknown = COMMANDS.has(name) ? Reflect.get(store, name) : undefined;
  if (typeof method !== "function") return unknownCommand(name);
  try {
    return { result: listed(await Reflect.apply(method, store, args)) };
  } catch (error) {
    return { error: messageOf(error) };
  }
}

/** Runs commands as one transaction. @returns an array of answers, or one error if nothing was run */
export async function runTransaction(store: Store, commands: Command[]): Promise<Reply[] | Reply> {
  const unknown = commands.find(([name]) => !COMMANDS.has(name));
  if (unknown !== undefined) return unknownCommand(unknown[0]);
  try {
    const replies = await store.multi(commands).exec();
    if (replies === null) return { error: "EXECABORT Transaction discarded" };
    return replies.map(([error, result]) =>
      error === null ? { result: listed(result) } : { error: messageOf(error) },
    );
  } catch (error) {
    return { error: messageOf(error) };
  }
}

const unknownCommand = (name: string): Reply => ({ error: `ERR unknown command '${name}'` });

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** ioredis turns HGETALL's list into an object; the protocol uses the list. */
function listed(result: unknown): unknown {
  const isObject = typeof result === "object" && result !== null && !Array.isArray(result);
  return isObject ? Object.entries(result).flat() : (result ?? null);
}
