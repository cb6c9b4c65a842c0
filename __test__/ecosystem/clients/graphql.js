'use strict';

// graphql over HTTP: resolvers, one in another and next to each other, a dataloader, fields that
// fail, and subscriptions that read from one source for all.

const { EventEmitter, on } = require('node:events');
const http = require('node:http');
const DataLoader = require('dataloader');
const {
  GraphQLInterfaceType,
  GraphQLList,
  GraphQLObjectType,
  GraphQLScalarType,
  GraphQLSchema,
  GraphQLString,
  graphql,
  parse,
  subscribe,
} = require('graphql');
const { barrier, inRequest, print, see, waves } = require('../helpers/requests.js');
const { REQUEST_ID, close, drive, listen } = require('../helpers/load.js');

const all = barrier();
const tick = () => new Promise((resolve) => setImmediate(resolve));
const news = new EventEmitter().setMaxListeners(Infinity);

const Id = new GraphQLScalarType({
  name: 'Id',
  parseValue(value) {
    see('parseValue() of a scalar', value);
    return value;
  },
  serialize(value) {
    see('serialize() of a scalar', value);
    return value;
  },
});

const Entry = new GraphQLInterfaceType({
  name: 'Entry',
  fields: { id: { type: Id } },
  resolveType: async ({ id }) => {
    await tick();
    see('resolveType()', id);
    return 'Item';
  },
});

const Item = new GraphQLObjectType({
  name: 'Item',
  interfaces: [Entry],
  fields: () => ({
    id: { type: Id },
    method: { type: Id },
    loaded: {
      type: Id,
      resolve: async ({ id }, args, { loader }) => {
        const loaded = await loader.load(id);
        see('resolver, after a dataloader', id);
        return loaded;
      },
    },
    items: { type: new GraphQLList(Item), resolve: resolveItems },
    failing: {
      type: GraphQLString,
      resolve: async ({ id }) => {
        await tick();
        throw Object.assign(new Error('failing'), { extensions: { id } });
      },
    },
  }),
});

async function resolveItems({ id }) {
  see('nested resolver, start', id);
  await tick();
  see('nested resolver, after await', id);
  const item = {
    id,
    async method() {
      see('method of a value', id);
      await tick();
      return id;
    },
  };
  return [item, Promise.resolve(item)];
}

const schema = new GraphQLSchema({
  types: [Item],
  query: new GraphQLObjectType({
    name: 'Query',
    fields: {
      entry: {
        type: Entry,
        args: { id: { type: Id } },
        resolve: async (root, { id }, context) => {
          see('resolver, start', context.id);
          await all();
          see('resolver, after await', context.id);
          return { id };
        },
      },
    },
  }),
  subscription: new GraphQLObjectType({
    name: 'Subscription',
    fields: {
      news: {
        type: Id,
        async *subscribe(root, args, { id }) {
          see('source of a subscription, start', id);
          const events = on(news, 'news');
          await all();
          if (id.endsWith('.0')) news.emit('news');
          for await (const event of events) {
            see('source of a subscription, with an event', event && id);
            yield { news: id };
          }
        },
        resolve: ({ news: id }) => {
          see('resolver of a subscription', id);
          return id;
        },
      },
    },
  }),
});

const QUERY = `query ($id: Id) {
  one: entry(id: $id) { id ... on Item { items { method loaded failing items { id } } } }
}`;

const server = http.createServer((req, res) =>
  inRequest(req.headers[REQUEST_ID], async (id) => {
    const body = Buffer.concat(await req.toArray());
    see('after the body was read', id);
    const loader = new DataLoader(async (ids) => {
      for (const one of ids) see('batch function of a dataloader', one);
      return ids;
    });
    const answer = await graphql({
      schema,
      source: QUERY,
      variableValues: JSON.parse(body),
      contextValue: { id, loader },
    });
    see('await graphql()', id);
    for (const { extensions } of answer.errors) see('error of a field', extensions.id);
    res.end(JSON.stringify(answer.data.one.id));
  }),
);

async function main() {
  const port = await listen(server);
  const responses = await drive(port, (id) => ({
    method: 'POST',
    path: '/',
    body: [JSON.stringify({ id })],
  }));
  const right = responses.filter(({ id, text }) => JSON.parse(text) === id);
  console.log(`responses with the client's id: ${right.length} of ${responses.length}`);
  await close(server);

  await waves('news', async (id) => {
    const document = parse('subscription { news }');
    const answers = await subscribe({ schema, document, contextValue: { id } });
    see('await subscribe()', id);
    for await (const { data } of answers) {
      see('answer of a subscription', data.news);
      break;
    }
    see('after a subscription', id);
  });
  print();
}

main();
