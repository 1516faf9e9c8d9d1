// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Assertions} from "./Assertions.sol";
import {Vm} from "./Vm.sol";

/// @notice Base of every Solidity test: cheatcodes, assertions and a few helpers.
abstract contract Test is Assertions {
    /// @dev The runner answers cheatcodes at this address: the last 20 bytes of keccak256("hevm cheat code").
    Vm internal constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

    uint256 internal constant SECP256K1_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;
    uint256 internal constant P256_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551;
    address internal constant P256_VERIFIER = address(0x100);

    error EmptyRange(uint256 minimum, uint256 maximum);
    error DeploymentFailed(string artifactPath);

    /// @notice Folds `x` into [minimum, maximum]. Values near either end of uint256 stay near that end,
    /// so that the fuzzer's edge cases stay edge cases.
    function bound(uint256 x, uint256 minimum, uint256 maximum) internal pure returns (uint256) {
        if (minimum > maximum) revert EmptyRange(minimum, maximum);
        if (x >= minimum && x <= maximum) return x;
        uint256 size = maximum - minimum;
        if (size == type(uint256).max) return x;
        if (x <= 3 && size >= x) return minimum + x;
        uint256 fromTop = type(uint256).max - x;
        if (fromTop <= 3 && size >= fromTop) return maximum - fromTop;
        return minimum + (x % (size + 1));
    }

    /// @notice A non-zero secp256k1 private key made from any number.
    function boundKey(uint256 x) internal pure returns (uint256) {
        return bound(x, 1, SECP256K1_ORDER - 1);
    }

    /// @notice A non-zero P-256 private key made from any number.
    function boundP256Key(uint256 x) internal pure returns (uint256) {
        return bound(x, 1, P256_ORDER - 1);
    }

    /// @notice An address and its key, derived from a name, which labels the address in traces.
    function makeAddrAndKey(string memory name) internal returns (address account, uint256 privateKey) {
        privateKey = boundKey(uint256(keccak256(bytes(name))));
        account = vm.addr(privateKey);
        vm.label(account, name);
    }

    function makeAddr(string memory name) internal returns (address account) {
        (account, ) = makeAddrAndKey(name);
    }

    /// @notice A 65-byte secp256k1 signature, r ‖ s ‖ v.
    function signEoa(uint256 privateKey, bytes32 digest) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(privateKey, digest);
        return abi.encodePacked(r, s, v);
    }

    /// @notice A P-256 signature whose s is in the lower half of the order.
    function signP256LowS(uint256 privateKey, bytes32 digest) internal pure returns (bytes32 r, bytes32 s) {
        (r, s) = vm.signP256(privateKey, digest);
        if (uint256(s) > P256_ORDER / 2) s = bytes32(P256_ORDER - uint256(s));
    }

    /// @notice Moves the chain's clock forward by `seconds_`.
    function skip(uint256 seconds_) internal {
        vm.warp(vm.getBlockTimestamp() + seconds_);
    }

    /// @notice Whether this chain has P256VERIFY (EIP-7951): true under osaka, false under prague and cancun.
    function hasP256Verifier() internal view returns (bool) {
        bytes32 digest = keccak256("Does this chain verify P-256 signatures?");
        (bytes32 r, bytes32 s) = vm.signP256(1, digest);
        (uint256 x, uint256 y) = vm.publicKeyP256(1);
        (, bytes memory answer) = P256_VERIFIER.staticcall(abi.encode(digest, r, s, x, y));
        return answer.length == 32 && abi.decode(answer, (uint256)) == 1;
    }

    /// @notice Deploys the compiled contract `artifactPath` ("File.sol:Name") with ABI-encoded constructor arguments.
    function deployCode(
        string memory artifactPath,
        bytes memory constructorArguments
    ) internal returns (address account) {
        bytes memory initCode = abi.encodePacked(vm.getCode(artifactPath), constructorArguments);
        assembly ("memory-safe") {
            account := create(0, add(initCode, 0x20), mload(initCode))
        }
        if (account == address(0)) revert DeploymentFailed(artifactPath);
    }
}
