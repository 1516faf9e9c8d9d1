// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Test} from "../utils/Test.sol";

interface JsonKeys {
    function parseJsonKeys(string calldata json, string calldata key) external pure returns (string[] memory keys);
}

/// @notice The golden digests and addresses, computed once more from the words of the specification. Nothing of
/// `contracts/` is imported, so a type string that does not match the order of what is hashed shows here.
contract VectorsTest is Test {
    string private _digests;
    string private _addresses;

    function setUp() public {
        _digests = vm.readFile(string.concat(vm.projectRoot(), "/vectors/digests.json"));
        _addresses = vm.readFile(string.concat(vm.projectRoot(), "/vectors/addresses.json"));
    }

    // ---------------------------------------------------------------- Domains

    function test_101_103_separatorsNameNoChain() public view {
        bytes32 recovery = vm.parseJsonBytes32(_digests, ".separators['Rekey Recovery']");
        bytes32 passkey = vm.parseJsonBytes32(_digests, ".separators['Rekey Passkey']");
        assertEq(_recoveryDomain(), recovery);
        assertEq(_passkeyDomain(), passkey);
        assertTrue(recovery != passkey);
    }

    // ---------------------------------------------------------------- Messages

    function test_103_recovery() public view {
        bytes32 typehash = keccak256(
            "Recovery(address account,bytes32 policy,Credential credential,uint8 keep,uint256[] chainIds,uint40 issuedAt,uint40 deadline)Credential(uint256 x,uint256 y,bytes32 rpIdHash,bytes32 originsHash,uint8 flags,bytes32 idHash)"
        );
        uint256 count;
        for (; _exists("Recovery", count); ++count) {
            string memory message = _message("Recovery", count);
            bytes memory first = abi.encode(
                typehash,
                vm.parseJsonAddress(_digests, string.concat(message, ".account")),
                vm.parseJsonBytes32(_digests, string.concat(message, ".policy")),
                _credentialHash(string.concat(message, ".credential")),
                _uint(message, ".keep")
            );
            bytes memory second = abi.encode(
                _arrayHash(string.concat(message, ".chainIds")),
                _uint(message, ".issuedAt"),
                _uint(message, ".deadline")
            );
            _check("Recovery", count, _recoveryDomain(), keccak256(bytes.concat(first, second)));
        }
        assertGe(count, 5);
    }

    function test_103_veto() public view {
        _checkWords(_recoveryDomain(), "Veto(address account,bytes32 recovery)");
    }

    function test_103_setPolicy() public view {
        _checkWords(_recoveryDomain(), "SetPolicy(address account,bytes32 policy,uint40 issuedAt)");
    }

    function test_103_guardianCancel() public view {
        _checkWords(_recoveryDomain(), "GuardianCancel(address account,bytes32 policy,bytes32 recovery)");
    }

    function test_103_uninstall() public view {
        _checkWords(_recoveryDomain(), "Uninstall(address account,uint40 issuedAt)");
    }

    function test_103_upgrade() public view {
        _checkWords(_recoveryDomain(), "Upgrade(address account,address implementation,uint40 issuedAt)");
    }

    function test_103_cancelChange() public view {
        _checkWords(_recoveryDomain(), "CancelChange(address account,bytes32 change)");
    }

    function test_103_freeze() public view {
        _checkWords(_recoveryDomain(), "Freeze(address account,bytes32 policy,uint32 duration,uint40 issuedAt)");
    }

    function test_103_drill() public view {
        _checkWords(_recoveryDomain(), "Drill(address account,bytes32 policy,bytes32 challenge,uint40 deadline)");
    }

    function test_103_prove() public view {
        _checkWords(_passkeyDomain(), "Prove(address account,bytes32 commitment)");
    }

    function test_103_possession() public view {
        _checkWords(_passkeyDomain(), "Possession(bytes32 recovery)");
    }

    function test_103_multiChain() public view {
        _checkWords(_passkeyDomain(), "MultiChain(bytes32 root)");
    }

    /// @dev A type that the contracts gain is checked above before it is listed here.
    function test_everyMessageTypeIsChecked() public view {
        string[12] memory checked = [
            "CancelChange",
            "Drill",
            "Freeze",
            "GuardianCancel",
            "MultiChain",
            "Possession",
            "Prove",
            "Recovery",
            "SetPolicy",
            "Uninstall",
            "Upgrade",
            "Veto"
        ];
        string[] memory keys = JsonKeys(address(vm)).parseJsonKeys(_digests, "$");
        uint256 found;
        for (uint256 i = 0; i < keys.length; ++i) {
            if (!_exists(keys[i], 0)) continue;
            bool isChecked;
            for (uint256 j = 0; j < checked.length; ++j) isChecked = isChecked || _equal(keys[i], checked[j]);
            assertTrue(isChecked, keys[i]);
            ++found;
        }
        assertEq(found, checked.length);
    }

    // ---------------------------------------------------------------- Addresses

    /// @dev ERC-7511 clone, CREATE2, salt = keccak256(abi.encode(credential, policy, handle)).
    function test_addressesFollowFromWhatTheyCommitTo() public view {
        address implementation = vm.parseJsonAddress(_addresses, ".implementation");
        address factory = vm.parseJsonAddress(_addresses, ".factory");
        bytes32 initCodeHash = keccak256(
            abi.encodePacked(
                hex"602c8060095f395ff3365f5f375f5f365f73",
                implementation,
                hex"5af43d5f5f3e5f3d91602a57fd5bf3"
            )
        );
        uint256 count;
        for (; vm.keyExistsJson(_addresses, _at(".accounts", count)); ++count) {
            string memory path = _at(".accounts", count);
            bytes32 salt = keccak256(
                abi.encode(
                    vm.parseJsonBytes32(_addresses, string.concat(path, ".credential")),
                    vm.parseJsonBytes32(_addresses, string.concat(path, ".policy")),
                    vm.parseJsonBytes32(_addresses, string.concat(path, ".handle"))
                )
            );
            assertEq(
                vm.computeCreate2Address(salt, initCodeHash, factory),
                vm.parseJsonAddress(_addresses, string.concat(path, ".account"))
            );
        }
        assertGe(count, 5);
    }

    /// @dev CREATE3: CREATE2 of a deployer with this code under the id as salt, then its first CREATE.
    function test_policiesAreKeptWhereTheirIdsSay() public view {
        address store = vm.parseJsonAddress(_addresses, ".policyStore");
        bytes32 deployerHash = keccak256(hex"67365f5f37365f5ff05f5260086018f3");
        uint256 count;
        for (; vm.keyExistsJson(_addresses, _at(".policies", count)); ++count) {
            string memory path = _at(".policies", count);
            address id = vm.parseJsonAddress(_addresses, string.concat(path, ".policyId"));
            bytes32 salt = bytes32(uint256(uint160(id)));
            address deployer = vm.computeCreate2Address(salt, deployerHash, store);
            bytes32 hash = keccak256(abi.encodePacked(hex"d694", deployer, hex"01"));
            assertEq(vm.parseJsonAddress(_addresses, string.concat(path, ".pointer")), address(uint160(uint256(hash))));
        }
        assertGe(count, 3);
    }

    // ---------------------------------------------------------------- Helpers

    /// @dev Messages whose every field is one word: hashed field by field, in the order in which their type names them.
    function _checkWords(bytes32 domain, string memory encodedType) private view {
        bytes memory text = bytes(encodedType);
        string memory primaryType = _until(text, 0, "(");
        uint256 count;
        for (; _exists(primaryType, count); ++count) {
            bytes memory words = bytes.concat(keccak256(text));
            string memory message = _message(primaryType, count);
            uint256 pos = bytes(primaryType).length;
            while (text[pos] != ")") {
                pos += bytes(_until(text, pos, " ")).length + 1;
                string memory field = _until(text, pos, ",");
                words = bytes.concat(words, bytes32(_uint(message, string.concat(".", field))));
                pos += bytes(field).length;
            }
            _check(primaryType, count, domain, keccak256(words));
        }
        assertGe(count, 2);
    }

    /// @dev What stands from `start` to `end` or to the closing bracket.
    function _until(bytes memory text, uint256 start, bytes1 end) private pure returns (string memory) {
        bytes memory part;
        for (uint256 i = start; text[i] != end && text[i] != ")"; ++i) part = bytes.concat(part, text[i]);
        return string(part);
    }

    function _equal(string memory a, string memory b) private pure returns (bool) {
        return keccak256(bytes(a)) == keccak256(bytes(b));
    }

    function _check(string memory primaryType, uint256 index, bytes32 domain, bytes32 structHash) private view {
        string memory path = string.concat(_at(string.concat(".", primaryType), index), ".digest");
        assertEq(keccak256(abi.encodePacked(hex"1901", domain, structHash)), vm.parseJsonBytes32(_digests, path));
    }

    function _recoveryDomain() private view returns (bytes32) {
        return _domain("Rekey Recovery", vm.parseJsonAddress(_digests, ".guardianRecovery"));
    }

    function _passkeyDomain() private view returns (bytes32) {
        return _domain("Rekey Passkey", vm.parseJsonAddress(_digests, ".passkeyValidator"));
    }

    function _domain(string memory name, address verifyingContract) private pure returns (bytes32) {
        bytes32 typehash = keccak256("EIP712Domain(string name,string version,address verifyingContract)");
        return keccak256(abi.encode(typehash, keccak256(bytes(name)), keccak256("1"), verifyingContract));
    }

    function _credentialHash(string memory path) private view returns (bytes32) {
        bytes32 typehash = keccak256(
            "Credential(uint256 x,uint256 y,bytes32 rpIdHash,bytes32 originsHash,uint8 flags,bytes32 idHash)"
        );
        return
            keccak256(
                abi.encode(
                    typehash,
                    _uint(path, ".x"),
                    _uint(path, ".y"),
                    vm.parseJsonBytes32(_digests, string.concat(path, ".rpIdHash")),
                    vm.parseJsonBytes32(_digests, string.concat(path, ".originsHash")),
                    _uint(path, ".flags"),
                    vm.parseJsonBytes32(_digests, string.concat(path, ".idHash"))
                )
            );
    }

    /// @dev keccak256 of the elements, a word each.
    function _arrayHash(string memory path) private view returns (bytes32) {
        bytes memory words;
        for (uint256 i = 0; vm.keyExistsJson(_digests, _at(path, i)); ++i) {
            words = bytes.concat(words, bytes32(vm.parseJsonUint(_digests, _at(path, i))));
        }
        return keccak256(words);
    }

    function _uint(string memory path, string memory field) private view returns (uint256) {
        return vm.parseJsonUint(_digests, string.concat(path, field));
    }

    function _exists(string memory primaryType, uint256 index) private view returns (bool) {
        return vm.keyExistsJson(_digests, _at(string.concat(".", primaryType), index));
    }

    function _message(string memory primaryType, uint256 index) private pure returns (string memory) {
        return string.concat(_at(string.concat(".", primaryType), index), ".message");
    }

    function _at(string memory path, uint256 index) private pure returns (string memory) {
        return string.concat(path, "[", vm.toString(index), "]");
    }
}
