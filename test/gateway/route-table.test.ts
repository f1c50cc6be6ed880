import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RouteTable } from '../../src/gateway/route-table.ts';

function groupRoutes(): RouteTable<string> {
  const routes = new RouteTable<string>();
  routes.add('GET', '/v2/group', 'list');
  routes.add('DELETE', '/v2/group/{id}', 'delete');
  routes.add('POST', '/v2/group/{id}/join', 'join');
  routes.add('POST', '/v2/group/all/{action}', 'all');
  return routes;
}

test('a path without parameters is found as it is written', () => {
  const routes = groupRoutes();
  assert.deepEqual(routes.find('GET', '/v2/group'), { found: true, target: 'list', parameters: {} });
  for (const path of ['/v2/Group', '/v2/groups', '/v2', '']) {
    assert.deepEqual(routes.find('GET', path), { found: false, reason: 'unknown-path' });
  }
});

test('each path has its own parameters, however often and in whatever order paths come', () => {
  const routes = groupRoutes();
  for (let round = 0; round < 2; round++) {
    for (let i = 0; i < 1500; i++) {
      assert.deepEqual(routes.find('DELETE', `/v2/group/g${i}`), {
        found: true,
        target: 'delete',
        parameters: { id: `g${i}` },
      });
    }
    assert.deepEqual(routes.find('POST', '/v2/group/g1/join'), {
      found: true,
      target: 'join',
      parameters: { id: 'g1' },
    });
  }
});

test('a path that is there for another method is told apart from one that is not there', () => {
  const routes = groupRoutes();
  for (let round = 0; round < 2; round++) {
    assert.deepEqual(routes.find('PUT', '/v2/group/g1'), { found: false, reason: 'wrong-method' });
    assert.deepEqual(routes.find('PUT', '/v2/group'), { found: false, reason: 'wrong-method' });
    assert.deepEqual(routes.find('PUT', '/v2/group/g1/leave'), { found: false, reason: 'unknown-path' });
    assert.equal(routes.find('DELETE', '/v2/group/g1').found, true);
  }
});

test('a route that is added later is found, though its path was asked for before', () => {
  const routes = groupRoutes();
  assert.equal(routes.find('POST', '/v2/group/g1/join').found, true);
  routes.add('POST', '/v2/group/g1/join', 'special');
  assert.deepEqual(routes.find('POST', '/v2/group/g1/join'), { found: true, target: 'special', parameters: {} });
});

test('two targets for one method and path are refused', () => {
  assert.throws(() => groupRoutes().add('GET', '/v2/group', 'other'), /two operations at GET \/v2\/group/);
});
