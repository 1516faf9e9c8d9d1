// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {IERC7913SignatureVerifier} from "@openzeppelin/contracts/interfaces/IERC7913.sol";
import {PackedUserOperation} from "@openzeppelin/contracts/interfaces/IERC4337.sol";
import {ISignerValidator} from "../../../contracts/interfaces/ISignerValidator.sol";
import {HostileGuardian, SlowGuardian, WalletGuardian} from "../support/Guardians.sol";
import {IAccountUnderTest} from "../support/IAccountUnderTest.sol";
import {SignerFixture} from "./SignerFixture.sol";

/// @notice Whose signatures hold, for what, and at what cost.
contract SignerSignaturesTest is SignerFixture {
    bytes4 private constant VALID = IERC1271.isValidSignature.selector;
    bytes4 private constant INVALID = 0xffffffff;

    // ---------------------------------------------------------------- UserOps

    function test_userOpByAnEoa() public {
        _deployEntryPoint();
        _add(_eoa(KEY));
        vm.deal(address(account), 1 ether);
        bytes memory callData = abi.encodeCall(
            account.execute,
            (MODE_SINGLE, abi.encodePacked(address(0xcafe), uint256(1)))
        );
        PackedUserOperation memory userOp = _userOp(account, _nonceKey(address(signers)), callData);
        userOp.signature = _signed(1, KEY, ENTRY_POINT.getUserOpHash(userOp));
        _handle(userOp);
        assertEq(address(0xcafe).balance, 1);
    }

    function test_userOpByAPasskeyOfAVerifier() public {
        Passkey memory key = _passkey(7);
        _add(_webAuthn(key));
        assertTrue(_validates(_frame(1, _webAuthn(key), _stateless(key, HASH))));
        assertFalse(_validates(_frame(1, _webAuthn(key), _stateless(key, ~HASH))));
        assertFalse(_validates(_frame(1, _webAuthn(key), _assertion(key, 0, HASH))));
        Passkey memory other = _passkey(8);
        assertFalse(_validates(_frame(1, _webAuthn(key), _stateless(other, HASH))));
        assertFalse(_validates(_frame(1, _webAuthn(other), _stateless(other, HASH))));
    }

    /// [217] a contract that is a signer is never asked in a validation, whatever it would say
    function test_contractsSignNoUserOps() public {
        address wallet = address(new WalletGuardian(vm.addr(KEY)));
        HostileGuardian yes = new HostileGuardian();
        yes.behave(HostileGuardian.Behaviour.SaysYes);
        _add(abi.encodePacked(wallet));
        Passkey memory key = _passkey(7);
        bytes memory verified = abi.encodePacked(yes, key.credential.commitment());
        _add(abi.encodePacked(yes));
        _add(verified);
        bytes[3] memory frames = [
            _frame(1, abi.encodePacked(wallet), signEoa(KEY, HASH)),
            _frame(2, abi.encodePacked(yes), "any"),
            // The passkey would be good for WebAuthnVerifier.
            _frame(3, verified, _stateless(key, HASH))
        ];
        vm.expectCall(wallet, abi.encodeWithSelector(VALID), 0);
        vm.expectCall(address(yes), "", 0);
        for (uint256 i = 0; i < 3; ++i) assertFalse(_validates(frames[i]));
    }

    /// the same signatures hold as messages
    function test_contractsSignMessages() public {
        address wallet = address(new WalletGuardian(vm.addr(KEY)));
        HostileGuardian yes = new HostileGuardian();
        yes.behave(HostileGuardian.Behaviour.SaysYes);
        _add(abi.encodePacked(wallet));
        _add(abi.encodePacked(yes, keccak256("key")));
        assertTrue(_isOwner(_frame(1, abi.encodePacked(wallet), signEoa(KEY, HASH))));
        assertFalse(_isOwner(_frame(1, abi.encodePacked(wallet), signEoa(OTHER_KEY, HASH))));
        bytes memory asked = abi.encodeCall(
            IERC7913SignatureVerifier.verify,
            (abi.encode(keccak256("key")), HASH, bytes("any"))
        );
        vm.expectCall(address(yes), asked, 1);
        assertTrue(_isOwner(_frame(2, abi.encodePacked(yes, keccak256("key")), "any")));
    }

    /// one form of a signature per key and hash: low s, v 27 or 28, 65 bytes
    function testFuzz_ecdsaIsStrict(uint256 key, bytes32 other) public {
        key = boundKey(key);
        vm.assume(other != HASH);
        _add(_eoa(key));
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, HASH);
        assertTrue(_validates(_frame(1, _eoa(key), abi.encodePacked(r, s, v))));
        bytes[6] memory bad = [
            abi.encodePacked(r, bytes32(SECP256K1_ORDER - uint256(s)), v ^ 7),
            abi.encodePacked(r, s, v - 27),
            abi.encodePacked(r, s, v ^ 7),
            abi.encodePacked(r, bytes32((uint256(v - 27) << 255) | uint256(s))),
            abi.encodePacked(r, s, v, uint8(0)),
            signEoa(key, other)
        ];
        for (uint256 i = 0; i < bad.length; ++i) {
            assertFalse(_validates(_frame(1, _eoa(key), bad[i])));
            assertFalse(_isOwner(_frame(1, _eoa(key), bad[i])));
        }
    }

    /// ecrecover answers zero for nonsense: no signer can be zero, and none is taken for it
    function test_nonsenseIsNobodysSignature() public {
        _add(_eoa(KEY));
        bytes memory nonsense = abi.encodePacked(bytes32(0), bytes32(0), uint8(27));
        assertFalse(_validates(_frame(1, _eoa(KEY), nonsense)));
        assertFalse(_validates(_frame(1, abi.encodePacked(address(0)), nonsense)));
        assertFalse(_validates(_frame(2, abi.encodePacked(address(0)), nonsense)));
    }

    /// index and signer must both be those of the account
    function test_indexAndSignerMustAgree() public {
        _add(_eoa(KEY));
        _add(_eoa(OTHER_KEY));
        assertTrue(_validates(_signed(1, KEY, HASH)));
        for (uint256 i = 0; i <= 255; ++i) {
            if (i != 1) assertFalse(_validates(_signed(uint8(i), KEY, HASH)));
            if (i != 2) assertFalse(_isOwner(_signed(uint8(i), OTHER_KEY, HASH)));
        }
        assertFalse(_validates(_signed(1, OTHER_KEY, HASH)));
    }

    /// [217] [219] [220] two words of the account, none of anybody else, and as many for a refusal
    function test_validationReadsTwoWords() public {
        Passkey memory key = _passkey(7);
        _add(_eoa(KEY));
        _add(_webAuthn(key));
        bytes[5] memory signatures = [
            _signed(1, KEY, HASH),
            _signed(1, KEY, ~HASH),
            _signed(9, KEY, HASH),
            _frame(2, _webAuthn(key), _stateless(key, HASH)),
            _frame(2, _webAuthn(key), _stateless(key, ~HASH))
        ];
        bytes32 base = keccak256(abi.encode(address(account), uint256(0)));
        for (uint256 i = 0; i < signatures.length; ++i) {
            vm.record();
            assertEq(_validates(signatures[i]), i == 0 || i == 3);
            (bytes32[] memory reads, bytes32[] memory writes) = vm.accesses(address(signers));
            assertEq(reads.length, 2);
            for (uint256 j = 0; j < 2; ++j) assertLe(uint256(reads[j]) - uint256(base), MAX_SIGNERS, "associated");
            assertEq(writes.length, 0);
            (reads, writes) = vm.accesses(webAuthnVerifier);
            assertEq(reads.length + writes.length, 0);
        }
    }

    /// [198] any bytes are answered
    function testFuzz_refusesAnyBytes(bytes calldata noise, uint8 index, uint16 length) public {
        _add(_eoa(KEY));
        bytes[3] memory forms = [
            noise,
            abi.encodePacked(index, length, noise),
            _frame(uint8(bound(index, 1, 16)), _eoa(KEY), noise)
        ];
        for (uint256 i = 0; i < 3; ++i) {
            assertFalse(_validates(forms[i]));
            assertFalse(_isOwner(forms[i]));
            assertEq(bytes32(account.isValidSignature(HASH, abi.encodePacked(signers, forms[i]))), bytes32(INVALID));
        }
    }

    /// [198] so is a good signature that is cut short or goes on
    function test_refusesEveryPrefixAndTail() public {
        _add(_eoa(KEY));
        bytes memory good = _signed(1, KEY, HASH);
        assertTrue(_validates(good));
        for (uint256 length = 0; length < good.length; ++length) {
            bytes memory part = abi.encodePacked(good);
            assembly ("memory-safe") {
                mstore(part, length)
            }
            assertFalse(_validates(part));
            assertFalse(_isOwner(part));
        }
        assertFalse(_validates(abi.encodePacked(good, uint8(0))));
    }

    // ---------------------------------------------------------------- Contracts that are signers

    /// a contract that misbehaves or would write loses its own signature and nothing else, at a bounded price
    function test_hostileContracts() public {
        HostileGuardian hostile = new HostileGuardian();
        _add(abi.encodePacked(hostile));
        _add(abi.encodePacked(hostile, keccak256("key")));
        for (uint256 i = 0; i < uint256(HostileGuardian.Behaviour.SaysYes); ++i) {
            hostile.behave(HostileGuardian.Behaviour(i));
            for (uint256 j = 1; j <= 2; ++j) {
                bytes memory signer = j == 1 ? abi.encodePacked(hostile) : abi.encodePacked(hostile, keccak256("key"));
                uint256 gasBefore = gasleft();
                assertFalse(_isOwner(_frame(uint8(j), signer, "any")));
                assertLt(gasBefore - gasleft(), 560_000, "capped");
            }
        }
        assertEq(hostile.written(), 0);
    }

    /// it cannot be starved into a no: too little gas is said, not counted
    function test_starvedContracts() public {
        SlowGuardian slow = new SlowGuardian(400_000);
        _add(abi.encodePacked(slow));
        bytes memory signature = _frame(1, abi.encodePacked(slow), "any");
        assertTrue(_isOwner(signature));
        bytes memory call = abi.encodeCall(signers.verifyOwner, (address(account), HASH, signature));
        uint256 refusals;
        for (uint256 limit = 20_000; limit <= 700_000; limit += 10_000) {
            (bool success, bytes memory answer) = address(signers).staticcall{gas: limit}(call);
            if (success) assertTrue(abi.decode(answer, (bool)), "never a false no");
            else if (bytes4(answer) == ISignerValidator.InsufficientGas.selector) ++refusals;
        }
        assertGt(refusals, 40);
    }

    /// nobody is called whom the account did not name
    function test_strangersAreNotAsked() public {
        HostileGuardian yes = new HostileGuardian();
        yes.behave(HostileGuardian.Behaviour.SaysYes);
        _add(_eoa(KEY));
        vm.expectCall(address(yes), "", 0);
        assertFalse(_isOwner(_frame(1, abi.encodePacked(yes), "any")));
        assertFalse(_isOwner(_frame(2, abi.encodePacked(yes), "any")));
    }

    /// an address without code is not asked, and says no with little gas too
    function test_noCodeNoAnswer() public {
        _add(_eoa(KEY));
        bytes memory bad = _frame(1, _eoa(KEY), signEoa(OTHER_KEY, HASH));
        bytes memory call = abi.encodeCall(signers.verifyOwner, (address(account), HASH, bad));
        (bool success, bytes memory answer) = address(signers).staticcall{gas: 100_000}(call);
        assertTrue(success);
        assertFalse(abi.decode(answer, (bool)));
    }

    // ---------------------------------------------------------------- ERC-1271

    /// [194] [195] messages hold for the account they were signed for, through ERC-7739 only
    function test_messagesAreBoundToTheAccount() public {
        bytes[] memory list = new bytes[](1);
        list[0] = _eoa(KEY);
        IAccountUnderTest other = _newAccount(owner, "", keccak256("other"));
        _install(other, abi.encode(list));
        _add(_eoa(KEY));
        bytes memory signature = _personal(address(account));
        assertTrue(_accepts(account, signature));
        assertFalse(_accepts(other, signature));
        assertTrue(_accepts(other, _personal(address(other))));
        assertFalse(_accepts(account, _personal(address(signers))));
        assertFalse(_accepts(account, _signed(1, KEY, HASH)));
        // The owner's message is none of the account's, and the reverse.
        assertTrue(_isOwner(_signed(1, KEY, HASH)));
        assertFalse(_isOwner(signature));
    }

    /// [185] the prefix names an installed validator
    function test_messagesNeedTheModule() public {
        _add(_eoa(KEY));
        bytes memory signature = _personal(address(account));
        assertTrue(_accepts(account, signature));
        vm.prank(address(ENTRY_POINT));
        account.uninstallModule(1, address(signers), "");
        assertFalse(_accepts(account, signature));
    }

    function test_walletsSignMessages() public {
        address wallet = address(new WalletGuardian(vm.addr(KEY)));
        _add(abi.encodePacked(wallet));
        bytes memory own = signEoa(KEY, _personalDigest(address(account), HASH));
        assertTrue(_accepts(account, _frame(1, abi.encodePacked(wallet), own)));
    }

    function _accepts(IAccountUnderTest to, bytes memory signature) private view returns (bool) {
        bytes4 answer = to.isValidSignature(HASH, abi.encodePacked(signers, signature));
        assertTrue(answer == VALID || answer == INVALID, "one of two answers");
        return answer == VALID;
    }

    function _personal(address verifyingContract) private view returns (bytes memory) {
        return _signed(1, KEY, _personalDigest(verifyingContract, HASH));
    }
}
