export { BaseError, type BaseErrorParameters, isRekeyError } from './base.ts'
export { ContractError } from './contract.ts'
export type { ContractErrorName } from './contractErrors.generated.ts'
export { decodeContractError } from './decodeContractError.ts'
export { EncodingError, InvalidPublicKeyError } from './encoding.ts'
export { InvalidPolicyError, type PolicyRule, policyRules } from './policy.ts'
export {
  toWebAuthnError,
  WebAuthnAbortedError,
  WebAuthnAlreadyRegisteredError,
  WebAuthnFailedError,
  WebAuthnNotAllowedError,
  WebAuthnNotSupportedError,
  WebAuthnRelyingPartyError,
  WebAuthnResponseError,
  type WebAuthnResponseProblem,
} from './webauthn.ts'
