const { definePlugin, defineProvider, parameter, secretsProviders } = require('@latchkey/core');

const value = () => process.env.LEAKY_VALUE;
const failure = (properties) => Object.assign(new Error(`connection with ${value()} failed`), properties);

/** The ways in which a careless backend hands its value to whoever logs errors and answers. */
const ways = {
  value: () => value(),
  error: () => {
    throw failure({ config: { auth: value() } });
  },
  cause: () => {
    throw new Error('outer', { cause: failure({ response: { body: value() } }) });
  },
  aggregate: () => {
    throw new AggregateError([failure()], value());
  },
  name: () => {
    throw Object.assign(failure(), { name: value(), code: value() });
  },
  text: () => Promise.reject(value()),
  object: () => ({ password: value(), toString: () => value(), toJSON: () => value() }),
  list: () => [value()],
  number: () => 42,
  nothing: () => null,
  getter: () => {
    throw {
      get message() {
        return value();
      },
      get name() {
        return value();
      },
    };
  },
};

module.exports = definePlugin({
  register({ contribute }) {
    contribute(
      secretsProviders,
      defineProvider({
        slug: 'leaky-backend',
        name: 'Leaky Backend',
        parameters: { way: parameter.choice('How it goes wrong', Object.keys(ways)) },
        fetch: ({ parameters }) => ways[parameters.way](),
      }),
    );
  },
});
