import { Button, Form, type FormProps, type InputRef } from 'antd';
import { type ReactNode, type RefObject, useId } from 'react';
import { useTranslation } from 'react-i18next';

import type { ApiError } from '../api/error';
import { besides } from './fieldProblem';
import { FormDrawer } from './FormDrawer';
import { Problem } from './Problem';
import { useFirstFocus } from './useFirstFocus';

interface Props<Fields> {
  title: ReactNode;
  /** Pixels. */
  size?: number;
  /** The call that makes it. */
  create: { error: ApiError | null; isPending: boolean };
  /** The fields that show by themselves what the server says of them. */
  pointers: readonly string[];
  /** The button that makes it; "Create" by default. */
  action?: string;
  /** Whether the button warns. */
  danger?: boolean;
  /** Whether what stands outside the form can be sent. */
  valid?: boolean;
  form?: FormProps<Fields>['form'];
  initialValues?: FormProps<Fields>['initialValues'];
  /** Makes it; what it throws is shown from `create`. */
  onCreate: (fields: Fields) => Promise<unknown>;
  onClose: () => void;
  /** What stands above the form. */
  above?: ReactNode;
  /** What stands below the form. */
  below?: ReactNode;
  /** The fields; the first one gets the cursor. */
  children: (first: RefObject<InputRef | null>) => ReactNode;
}

/** Something new, in one form. */
export function CreateDrawer<Fields>(props: Props<Fields>) {
  const { create, pointers, action, danger = false, valid = true, form, initialValues } = props;
  const { t } = useTranslation();
  const id = useId();
  const { ref, afterOpenChange } = useFirstFocus();
  return (
    <FormDrawer
      afterOpenChange={afterOpenChange}
      title={props.title}
      {...(props.size && { size: props.size })}
      onClose={props.onClose}
      submit={
        <Button
          type="primary"
          danger={danger}
          htmlType="submit"
          form={id}
          loading={create.isPending}
          disabled={!valid}
        >
          {action ?? t('action.create')}
        </Button>
      }
    >
      {props.above}
      <Form<Fields>
        id={id}
        layout="vertical"
        requiredMark="optional"
        {...(form && { form })}
        {...(initialValues && { initialValues })}
        onFinish={(fields) => void props.onCreate(fields).catch(() => undefined)}
      >
        {props.children(ref)}
      </Form>
      {props.below}
      <Problem error={besides(create.error, pointers)} />
    </FormDrawer>
  );
}
