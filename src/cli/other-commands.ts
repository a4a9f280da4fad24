import type { Command } from 'commander'
import { addAccountCommands } from './account-commands.js'
import { addBackupCommands } from './backup-commands.js'
import { addCertificateCommands } from './certificate-commands.js'
import { addContentCommands } from './content-commands.js'
import { addListCommands } from './list-commands.js'
import { addRegisterCommands } from './register-commands.js'

/** Everything but running a server. */
export function addOtherCommands(program: Command): void {
  addAccountCommands(program)
  addListCommands(program)
  addContentCommands(program)
  addBackupCommands(program)
  addCertificateCommands(program)
  addRegisterCommands(program)
}
