import { describe, expect, it } from 'vitest';
import { definerIn, givesTooMuch, headOf, kindOf, schemaIn } from '../../mysql/dump/dump-statement.ts';
import { StatementLexer } from '../../mysql/dump/statement-lexer.ts';

function cut(text: string, escapes = true): string[] {
  const lexer = new StatementLexer();
  lexer.escapes = escapes;
  const statements = text.split('\n').flatMap((line) => lexer.take(line));
  expect(lexer.isBetween).toBe(true);
  return statements;
}

describe('a dump is cut into statements', () => {
  it.each([
    ['at its delimiter', 'SELECT 1; SELECT 2;', ['SELECT 1', 'SELECT 2']],
    [
      'not in a string',
      `INSERT INTO t VALUES ('a;''b\\';c', "d;");`,
      [`INSERT INTO t VALUES ('a;''b\\';c', "d;")`],
    ],
    ['not in a name', 'SELECT `a;``b`;', ['SELECT `a;``b`']],
    [
      'not in a comment',
      '-- a; it\'s\n# b;\n/* c; " \n d; */\nSELECT 1 /* ; */ + 1 -- ;\n;',
      ['SELECT 1 /* ; */ + 1'],
    ],
    ['not at two signs that are no comment', 'SELECT 1--1;', ['SELECT 1--1']],
    [
      'with text that only some versions run',
      '/*!50003 CREATE*/ /*!50017 DEFINER=`a`@`b;`*/ /*!50003 TRIGGER t */;',
      ['/*!50003 CREATE*/ /*!50017 DEFINER=`a`@`b;`*/ /*!50003 TRIGGER t */'],
    ],
    [
      'without the first line of mariadb-dump',
      '/*M!999999\\- enable the sandbox mode */ \nSELECT 1;',
      ['SELECT 1'],
    ],
    [
      'at another delimiter',
      "DELIMITER ;;\nCREATE PROCEDURE p() BEGIN SELECT 1; -- it's ;; one\n SELECT 2; END ;;\nDELIMITER ;\nSELECT 3;",
      ['CREATE PROCEDURE p() BEGIN SELECT 1; \n SELECT 2; END', 'SELECT 3'],
    ],
  ])('%s', (_how, text, statements) => {
    expect(cut(text)).toEqual(statements);
  });

  it('at a quote behind a backslash, where a backslash escapes nothing', () => {
    expect(cut("SELECT 'a\\'; SELECT 2;", false)).toEqual(["SELECT 'a\\'", 'SELECT 2']);
  });

  it('and an end inside a string is seen', () => {
    const lexer = new StatementLexer();
    lexer.take("SELECT 'a;");
    expect(lexer.isBetween).toBe(false);
  });
});

describe('a statement', () => {
  it.each([
    ['SET @MYSQLDUMP_TEMP_LOG_BIN = @@SESSION.SQL_LOG_BIN', 'setting'],
    ['SET @@SESSION.SQL_LOG_BIN= 0', 'left-out'],
    ["SET @@GLOBAL.GTID_PURGED=/*!80000 '+'*/ '3e11fa47:1-5'", 'left-out'],
    ['SET GLOBAL event_scheduler = ON', 'left-out'],
    ["/*!40101 SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='NO_AUTO_VALUE_ON_ZERO' */", 'setting'],
    ["CHANGE MASTER TO MASTER_LOG_FILE='a', MASTER_LOG_POS=4", 'left-out'],
    ['CREATE DATABASE /*!32312 IF NOT EXISTS*/ `shop`', 'schema'],
    ['USE `shop`', 'use'],
    ["CREATE USER `web`@`%` IDENTIFIED BY PASSWORD '*1'", 'account'],
    ["LOAD DATA INFILE '/tmp/t' INTO TABLE t", 'refused'],
    ['/*!50001 DROP VIEW IF EXISTS `two`*/', 'clean'],
    ['CREATE TABLE `t` (id INT)', 'table'],
    ["INSERT INTO t VALUES ('SET GLOBAL x = 1, @@GLOBAL.y')", 'run'],
  ])('%s is known: %s', (statement, kind) => {
    expect(kindOf(statement).kind).toBe(kind);
  });

  it('names the account as which something runs', () => {
    expect(definerIn('/*!50003 CREATE*/ /*!50017 DEFINER=`a``b`@`10.%`*/ /*!50003 TRIGGER t */')).toEqual({
      user: 'a`b',
      host: '10.%',
    });
    expect(definerIn("INSERT INTO t VALUES ('CREATE DEFINER=`a`@`b`')")).toBeUndefined();
  });

  it('names the schema in which it does something, if any', () => {
    expect(schemaIn('INSERT INTO `mysql`.`user` VALUES (1)')).toBe('mysql');
    expect(schemaIn('DROP TABLE IF EXISTS sys.t')).toBe('sys');
    expect(schemaIn('INSERT INTO `user` VALUES (1.5)')).toBeUndefined();
  });

  it('gives rights that RDS gives to nobody, or does not', () => {
    expect(givesTooMuch('GRANT SELECT, SUPER ON *.* TO a@b')).toBe(true);
    expect(givesTooMuch('GRANT ALL PRIVILEGES ON *.* TO a@b WITH GRANT OPTION')).toBe(true);
    expect(givesTooMuch('GRANT ALL PRIVILEGES ON `shop`.* TO a@b')).toBe(false);
    expect(givesTooMuch('GRANT SELECT, PROCESS ON *.* TO a@b')).toBe(false);
  });

  it('is told without its password', () => {
    expect(headOf("CREATE USER a IDENTIFIED BY PASSWORD '*14E6'")).toBe(
      "CREATE USER a IDENTIFIED BY PASSWORD '***'",
    );
  });
});
