// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {PackedUserOperation} from "@openzeppelin/contracts/interfaces/IERC4337.sol";
import {Execution} from "@openzeppelin/contracts/interfaces/draft-IERC7579.sol";
import {IRekeyAccountFactory} from "../../../contracts/interfaces/IRekeyAccountFactory.sol";
import {Credential} from "../../../contracts/types/Credential.sol";
import {
    IAccountUnderTest,
    IEntryPointV08,
    IPasskeyModule,
    IRecoveryModule,
    ISignerModule
} from "./IAccountUnderTest.sol";
import {PasskeyHelper} from "./PasskeyHelper.sol";

/// @notice The whole system with its production bytecode, passkeys that sign for it, and accounts.
abstract contract RekeyFixture is PasskeyHelper {
    /// @param key P-256 private key.
    struct Passkey {
        uint256 key;
        Credential credential;
        bytes id;
    }

    IEntryPointV08 internal constant ENTRY_POINT = IEntryPointV08(0x4337084D9E255Ff0702461CF8895CE9E3b5Ff108);

    bytes32 internal constant MODE_SINGLE = 0;
    bytes32 internal constant MODE_BATCH = bytes32(uint256(0x01) << 248);
    bytes32 internal constant MODE_SINGLE_TRY = bytes32(uint256(0x01) << 240);
    bytes32 internal constant MODE_BATCH_TRY = MODE_BATCH | MODE_SINGLE_TRY;

    address private constant DETERMINISTIC_DEPLOYER = 0x4e59b44847b379578588920cA78FbF26c0B4956C;
    bytes private constant DEPLOYER_CODE =
        hex"7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe03601600081602082378035828234f58015156039578182fd5b8082525050506014600cf3";
    bytes32 private constant ENTRY_POINT_SALT = 0x0a59dbff790c23c976a548690c27297883cc66b4c67024f9117b0238995e35e9;

    IRekeyAccountFactory internal factory;
    IPasskeyModule internal passkeys;
    ISignerModule internal signers;
    IRecoveryModule internal recovery;
    address internal webAuthnVerifier;
    address internal codeVerifier;
    address internal implementation;

    function _deploySystem() internal {
        vm.warp(1_800_000_000);
        factory = IRekeyAccountFactory(deployCode("RekeyAccountFactory.sol:RekeyAccountFactory", ""));
        passkeys = IPasskeyModule(deployCode("PasskeyValidator.sol:PasskeyValidator", ""));
        webAuthnVerifier = deployCode("WebAuthnVerifier.sol:WebAuthnVerifier", "");
        signers = ISignerModule(deployCode("SignerValidator.sol:SignerValidator", abi.encode(webAuthnVerifier)));
        codeVerifier = deployCode("RecoveryCodeVerifier.sol:RecoveryCodeVerifier", "");
        recovery = IRecoveryModule(_deployRecovery());
        implementation = _deployImplementation(address(recovery));
        vm.label(address(factory), "factory");
        vm.label(address(passkeys), "PasskeyValidator");
        vm.label(address(signers), "SignerValidator");
        vm.label(address(recovery), "GuardianRecovery");
    }

    /// @dev GuardianRecovery with its three parts.
    function _deployRecovery() private returns (address) {
        bytes memory known = abi.encode(address(passkeys), address(signers), codeVerifier);
        bytes memory parts = abi.encode(
            deployCode("PolicyChanges.sol:PolicyChanges", known),
            deployCode("GuardianVotes.sol:GuardianVotes", known),
            deployCode("ForeignRecovery.sol:ForeignRecovery", known)
        );
        return deployCode("GuardianRecovery.sol:GuardianRecovery", abi.encodePacked(known, parts));
    }

    /// @notice An implementation whose accounts obey this recovery module.
    function _deployImplementation(address recoveryModule) internal returns (address) {
        return
            deployCode(
                "RekeyAccount.sol:RekeyAccount",
                abi.encode(address(factory), address(passkeys), address(signers), recoveryModule)
            );
    }

    /// @notice The canonical EntryPoint v0.8 at its own address, deployed the way it was on every chain.
    function _deployEntryPoint() internal {
        string memory artifact = vm.readFile("node_modules/@account-abstraction/contracts/artifacts/EntryPoint.json");
        bytes memory code = vm.parseJsonBytes(artifact, ".bytecode");
        vm.etch(DETERMINISTIC_DEPLOYER, DEPLOYER_CODE);
        (bool success, bytes memory deployed) = DETERMINISTIC_DEPLOYER.call(abi.encodePacked(ENTRY_POINT_SALT, code));
        assertTrue(success, "deterministic deployer");
        assertEq(address(bytes20(deployed)), address(ENTRY_POINT), "EntryPoint address");
    }

    // ---------------------------------------------------------------- Passkeys

    function _passkey(uint256 seed) internal pure returns (Passkey memory made) {
        made.key = boundP256Key(uint256(keccak256(abi.encode("passkey", seed))));
        made.id = credentialIdOf(made.key);
        made.credential = credentialOf(made.key, passkey());
    }

    /// @notice Assertion blob by `signer` over `challenge`; STATELESS if no account stores it.
    function _assertion(Passkey memory signer, uint8 index, bytes32 challenge) internal pure returns (bytes memory) {
        return assertion(signer.key, passkey(), challenge, index);
    }

    function _stateless(Passkey memory signer, bytes32 challenge) internal pure returns (bytes memory) {
        return _assertion(signer, STATELESS, challenge);
    }

    /// @notice 0x00 ‖ assertion by the account's passkey at index 0.
    function _ownerSignature(Passkey memory signer, bytes32 digest) internal pure returns (bytes memory) {
        return abi.encodePacked(uint8(0), _assertion(signer, 0, digest));
    }

    /// @notice What is signed for `hash` as a personal message of the account whose domain names this contract (ERC-7739).
    function _personalDigest(address verifyingContract, bytes32 hash) internal view returns (bytes32) {
        bytes32 separator = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("Rekey Account"),
                keccak256("1"),
                block.chainid,
                verifyingContract
            )
        );
        bytes32 structHash = keccak256(abi.encode(keccak256("PersonalSign(bytes prefixed)"), hash));
        return keccak256(abi.encodePacked(hex"1901", separator, structHash));
    }

    // ---------------------------------------------------------------- Accounts

    function _policyHash(bytes memory policy) internal pure returns (bytes32) {
        return policy.length == 0 ? bytes32(0) : keccak256(policy);
    }

    function _newAccount(
        Passkey memory owner,
        bytes memory policy,
        bytes32 handle
    ) internal returns (IAccountUnderTest) {
        return IAccountUnderTest(factory.createAndSetup(implementation, owner.credential, owner.id, policy, handle));
    }

    function _bareAccount(
        Passkey memory owner,
        bytes memory policy,
        bytes32 handle
    ) internal returns (IAccountUnderTest) {
        bytes32 commitment = owner.credential.commitment();
        return IAccountUnderTest(factory.createAccount(implementation, commitment, _policyHash(policy), handle));
    }

    /// @notice Runs a call as the account, as its owner (or a thief with a passkey) could.
    function _asAccount(IAccountUnderTest account, address target, uint256 value, bytes memory data) internal {
        vm.prank(address(ENTRY_POINT));
        account.execute(MODE_SINGLE, abi.encodePacked(target, value, data));
    }

    /// @notice As {_asAccount}, and tells whether it worked.
    function _tryAsAccount(IAccountUnderTest account, address target, bytes memory data) internal returns (bool ok) {
        vm.prank(address(ENTRY_POINT));
        (ok, ) = address(account).call(
            abi.encodeCall(account.execute, (MODE_SINGLE, abi.encodePacked(target, uint256(0), data)))
        );
    }

    /// @notice True if the passkey is the account's one and only, at index 0.
    function _isOnlyPasskey(IAccountUnderTest account, Passkey memory wanted) internal view returns (bool) {
        (uint8[] memory indexes, bytes24[] memory commitments, ) = passkeys.getCredentials(address(account));
        bytes24 commitment = bytes24(uint192(uint256(wanted.credential.commitment())));
        return indexes.length == 1 && indexes[0] == 0 && commitments[0] == commitment;
    }

    // ---------------------------------------------------------------- UserOps

    function _userOp(
        IAccountUnderTest account,
        uint192 key,
        bytes memory callData
    ) internal view returns (PackedUserOperation memory userOp) {
        userOp.sender = address(account);
        userOp.nonce = ENTRY_POINT.getNonce(address(account), key);
        userOp.callData = callData;
        userOp.accountGasLimits = bytes32((uint256(2_000_000) << 128) | 3_000_000);
        userOp.preVerificationGas = 100_000;
        userOp.gasFees = bytes32((uint256(1) << 128) | 1);
    }

    function _handle(PackedUserOperation memory userOp) internal {
        PackedUserOperation[] memory userOps = new PackedUserOperation[](1);
        userOps[0] = userOp;
        vm.prank(address(0xb0b), address(0xb0b));
        ENTRY_POINT.handleOps(userOps, payable(address(0xfee)));
    }

    /// @notice The nonce key that names `validator`, lane 0.
    function _nonceKey(address validator) internal pure returns (uint192) {
        return uint192(uint160(validator)) << 32;
    }

    function _batch(Execution memory first, Execution memory second) internal pure returns (bytes memory) {
        Execution[] memory calls = new Execution[](2);
        (calls[0], calls[1]) = (first, second);
        return abi.encode(calls);
    }

    function _genesisSignature(
        Passkey memory owner,
        bytes memory policy,
        bytes32 handle,
        bytes32 hash
    ) internal pure returns (bytes memory) {
        bytes32 commitment = owner.credential.commitment();
        return abi.encodePacked(hex"f0", commitment, _policyHash(policy), handle, _stateless(owner, hash));
    }
}
