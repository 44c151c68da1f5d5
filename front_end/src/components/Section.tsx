import { Card, type CardProps } from 'antd';

interface Props extends Pick<CardProps, 'extra' | 'children' | 'className'> {
  title: string;
}

/** A part of a page; its title is a heading, so that a screen reader can jump from part to part. */
export function Section({ title, ...card }: Props) {
  return <Card {...card} title={<h2 className="section-title">{title}</h2>} />;
}
