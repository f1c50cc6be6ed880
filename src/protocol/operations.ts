import { type DescMethodUnary, getOption } from '@bufbuild/protobuf';
import { Nakama } from './gen/nakama/api/service_pb.js';
import { Auth, type Http, http } from './gen/nk/options_pb.js';

export type HttpMethod = 'GET' | 'PUT' | 'POST' | 'DELETE';

/** The credentials that an operation asks for; `none` does not look at what is sent. */
export type OperationAuth = 'session' | 'serverKey' | 'rpc' | 'none';

/** A part of a path between slashes: text as it stands, or a parameter named for a field of the request. */
export type PathSegment = { readonly literal: string } | { readonly parameter: string };

/** One method and path by which an operation is reached. */
export interface OperationRoute {
  readonly httpMethod: HttpMethod;
  /** `/v2/group/{group_id}/join` */
  readonly pathTemplate: string;
  readonly segments: readonly PathSegment[];
  /** `*` when the body is the whole request, a field's name (snake_case) when it is that field, null when none is read. */
  readonly body: string | null;
}

/** An operation of the HTTP API, as its definition in the service says. */
export interface Operation {
  /** The method's name, by which hooks are registered: `AuthenticateDevice`. */
  readonly name: string;
  readonly method: DescMethodUnary;
  readonly auth: OperationAuth;
  /** The first is the one that clients use. */
  readonly routes: readonly OperationRoute[];
}

const authNames: Record<Auth, OperationAuth> = {
  [Auth.SESSION]: 'session',
  [Auth.SERVER_KEY]: 'serverKey',
  [Auth.RPC]: 'rpc',
  [Auth.NONE]: 'none',
};

const httpMethods = { get: 'GET', put: 'PUT', post: 'POST', delete: 'DELETE' } as const;

/** Every operation of the service, in its order. */
export const operations: readonly Operation[] = Nakama.methods.map((method) => operationOf(method as DescMethodUnary));

function operationOf(method: DescMethodUnary): Operation {
  const option = getOption(method, http);
  return {
    name: method.name,
    method,
    auth: authNames[option.auth],
    routes: [option, ...option.additional].map((binding) => routeOf(method, binding)),
  };
}

function routeOf(method: DescMethodUnary, { route, body }: Http): OperationRoute {
  if (route.case === undefined) throw new Error(`${method} has no route`);
  return {
    httpMethod: httpMethods[route.case],
    pathTemplate: route.value,
    segments: segmentsOf(route.value),
    body: body || null,
  };
}

function segmentsOf(template: string): PathSegment[] {
  return template
    .split('/')
    .slice(1)
    .map((text) => (text.startsWith('{') ? { parameter: text.slice(1, -1) } : { literal: text }));
}
