// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {PasskeyValidator} from "../../../contracts/modules/PasskeyValidator.sol";
import {WebAuthnVerifier} from "../../../contracts/verifiers/WebAuthnVerifier.sol";
import {Test} from "../../utils/Test.sol";

/// @notice Deploys the production artifacts, so that what is tested is the bytecode that is deployed.
abstract contract PasskeyDeployer is Test {
    function deployPasskeyValidator() internal returns (PasskeyValidator) {
        return PasskeyValidator(deployCode("PasskeyValidator.sol:PasskeyValidator", ""));
    }

    function deployWebAuthnVerifier() internal returns (WebAuthnVerifier) {
        return WebAuthnVerifier(deployCode("WebAuthnVerifier.sol:WebAuthnVerifier", ""));
    }
}
