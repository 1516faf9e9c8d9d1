import { limitMigration, type Migration } from '@rekey/service-kit'

export const migrations: readonly Migration[] = [
  limitMigration,
  {
    name: 'keys, observations, alarms',
    statements: [
      // A key that an issuer has shown stays here for ever; what changes is when it was seen last.
      `CREATE TABLE keys (
        issuer text NOT NULL, kid text NOT NULL, algorithm text NOT NULL, key text NOT NULL,
        first_seen bigint NOT NULL, last_seen bigint NOT NULL, is_shown boolean NOT NULL,
        PRIMARY KEY (issuer, kid)
      )`,
      'CREATE TABLE looks (issuer text PRIMARY KEY, tried bigint NOT NULL, succeeded bigint NOT NULL)',
      `CREATE TABLE observations (
        issuer text NOT NULL, kid text NOT NULL, key_hash text NOT NULL, observed_at bigint NOT NULL,
        attester text NOT NULL, signature text NOT NULL,
        PRIMARY KEY (issuer, kid, observed_at, attester)
      )`,
      'CREATE INDEX observations_time ON observations (observed_at)',
      `CREATE TABLE alarms (
        number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, code text NOT NULL, subject text NOT NULL,
        detail text NOT NULL, began bigint NOT NULL, last bigint NOT NULL, ended bigint
      )`,
      'CREATE UNIQUE INDEX alarms_open ON alarms (code, subject) WHERE ended IS NULL',
    ],
  },
]
